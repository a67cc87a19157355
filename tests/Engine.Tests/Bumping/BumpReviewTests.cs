using Recipes.Engine.Bumping;
using Xunit;

namespace Recipes.Engine.Tests.Bumping;

/// <summary>What a person reads before saying yes.</summary>
public sealed class BumpReviewTests
{
    [Theory]
    [InlineData("1.9", "1.10", true)]
    [InlineData("1.10", "1.9", false)]
    [InlineData("1.10", "1.10", false)]
    // A candidate is older than its release.
    [InlineData("2.0", "2.0-rc1", false)]
    [InlineData("2.0-rc1", "2.0", true)]
    [InlineData("1.0", null, false)]
    public void Only_a_higher_release_makes_a_source_outdated(string version, string? newest, bool expected) =>
        Assert.Equal(expected, new SourceStanding("x", version, newest, []).IsOutdated);

    [Theory]
    [InlineData("LICENSE", true)]
    [InlineData("COPYING.LESSER", true)]
    [InlineData("doc/licence.txt", true)]
    [InlineData("LICENSES/MIT.txt", true)]
    [InlineData("UNLICENSE", true)]
    [InlineData("NOTICE-third-party", true)]
    [InlineData("src/license_check.c", true)]
    [InlineData("src/relicense.c", false)]
    [InlineData("notices.c", false)]
    [InlineData("copy.c", false)]
    public void A_file_that_tells_terms_of_use_is_known_by_its_name(string path, bool expected) =>
        Assert.Equal(expected, new SourceChange(path, SourceChangeKind.Changed, 1, 1).IsLicence);

    [Fact]
    public void Lines_are_summed_over_text_and_files_counted_by_kind()
    {
        var changes = new UpstreamChanges([
            new("a.c", SourceChangeKind.Changed, 3, 2),
            new("b.c", SourceChangeKind.Added, 10, 0),
            new("c.png", SourceChangeKind.Changed, null, null),
            new("d.c", SourceChangeKind.Renamed, 0, 0),
        ]);

        Assert.Equal((13L, 2L), (changes.LinesAdded, changes.LinesRemoved));
        Assert.Equal(
            [1, 0, 2, 1],
            (
                (SourceChangeKind[])
                    [
                        SourceChangeKind.Added,
                        SourceChangeKind.Removed,
                        SourceChangeKind.Changed,
                        SourceChangeKind.Renamed,
                    ]
            ).Select(changes.Count)
        );
    }
}
