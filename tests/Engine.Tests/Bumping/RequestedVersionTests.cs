using Recipes.Engine.Bumping;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Releases;
using Xunit;

namespace Recipes.Engine.Tests.Bumping;

/// <summary>Which version a given archive or tag is.</summary>
public sealed class RequestedVersionTests : IDisposable
{
    private readonly SourceFixture sources = new();
    private readonly Locker locker;
    private readonly Upstream upstream;
    private readonly NewSource imports;

    public RequestedVersionTests()
    {
        locker = sources.NewLocker();
        upstream = new(locker.Importer);
        imports = new(sources.Store, locker, upstream, new(sources.Events));
    }

    public void Dispose()
    {
        upstream.Dispose();
        locker.Dispose();
        sources.Dispose();
    }

    [Theory]
    [InlineData("/home/me/x-1.1.tar.gz", "1.1")]
    [InlineData("x-2.0.tar.gz", "2.0")]
    public async Task An_archive_tells_it_by_its_name(string archive, string expected) =>
        Assert.Equal(expected, await VersionAsync(new() { Recipe = "x", Archive = archive }));

    [Fact]
    public async Task A_tag_tells_it_by_its_name() =>
        Assert.Equal("1.1", await VersionAsync(new() { Recipe = "x", Tag = "v1.1" }));

    [Fact]
    public async Task A_version_that_is_written_counts_whatever_the_archive_is_called() =>
        Assert.Equal(
            "3",
            await VersionAsync(
                new()
                {
                    Recipe = "x",
                    Version = "3",
                    Archive = "x-1.1.tar.gz",
                }
            )
        );

    [Fact]
    public async Task A_name_that_tells_no_version_says_how_to_write_it()
    {
        var archive = await FaultAsync(new() { Recipe = "x", Archive = "download" });
        var tag = await FaultAsync(new() { Recipe = "x", Tag = "final" });

        Assert.StartsWith(
            "the name 'download' does not show which version it is; ",
            archive.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal([new Remedy(RemedyKind.NameVersionOfArchive, "x", "download")], archive.Remedies);
        Assert.StartsWith(
            "the name 'final' does not show which version it is; ",
            tag.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal([new Remedy(RemedyKind.NameVersionOfTag, "x", "final")], tag.Remedies);
    }

    private async Task<MessageText> FaultAsync(BumpRequest request) =>
        (await Assert.ThrowsAsync<EngineException>(() => VersionAsync(request))).Text;

    private async Task<string> VersionAsync(BumpRequest request)
    {
        var source = request.Tag is null
            ? "archive = \"https://e.org/{name}-{version}.tar.gz\""
            : "git = \"https://e.org/x.git\"\ntag = \"v{version}\"";
        sources.Folder.Write("recipe.toml", $"name = \"x\"\nversion = \"1.0\"\n[source]\n{source}\n");
        var recipe = sources.Archive("x", "https://e.org/x-1.0.tar.gz");
        var (version, unreached) = await imports.VersionAsync(
            new OwnSource(recipe, recipe.Source),
            request,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(unreached);
        return version;
    }
}
