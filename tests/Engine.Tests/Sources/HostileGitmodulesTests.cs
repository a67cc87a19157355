using Recipes.Engine.Sources.Git;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public class HostileGitmodulesTests
{
    private const int Minute = 60_000;

    /// <summary>Finding each of many submodules by looking at all of them took the square of their number.</summary>
    [Fact(Timeout = Minute)]
    public Task Very_many_submodules_are_read_found_and_edited() =>
        Task.Run(
            () =>
            {
                const int count = 100_000;
                var file = GitmodulesFile.Parse(
                    string.Concat(
                        Enumerable.Range(0, count).Select(x => $"[submodule \"s{x}\"]\n\tpath = p{x}\n\turl = u{x}\n")
                    )
                );

                Assert.Equal(count, file.Entries.Count());
                Assert.All(Enumerable.Range(0, count), x => Assert.Equal($"s{x}", file.NameOf($"p{x}")));
                Assert.Equal("other", file.With(new("p7", "other", null)).Find("p7")!.Url);
                Assert.Null(file.Without("p99999").Find("p99999"));
            },
            TestContext.Current.CancellationToken
        );

    /// <summary>Found by fuzzing: each was taken away by itself, one call in the other.</summary>
    [Fact(Timeout = Minute)]
    public Task A_key_that_stands_very_often_is_taken_away_at_once() =>
        Task.Run(
            () =>
            {
                var file = GitmodulesFile.Parse(
                    "[submodule \"a\"]\npath = a\n" + string.Concat(Enumerable.Repeat("update = none\n", 100_000))
                );

                Assert.Equal("[submodule \"a\"]\npath = a\n", file.With(new("a", null, null)).Text);
            },
            TestContext.Current.CancellationToken
        );
}
