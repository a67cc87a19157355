using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>A question never writes to the store: not a file, not a time of use, whatever the store holds.</summary>
public sealed class QuestionTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    /// <summary>
    /// Every verb that only asks. Those that build, fetch or clean are left out, and so is <c>doctor</c>, which tries a
    /// sandbox.
    /// </summary>
    private static readonly string[][] Questions =
    [
        ["check"],
        ["explain", "hello-image"],
        ["explain", "hello"],
        ["why", "hello-image", "/usr/bin/hello"],
        ["why", "hello-image", "toolchain"],
        ["owner", "/usr/bin/hello"],
        ["files", "hello"],
        ["size", "hello-image"],
        ["diff", "hello", "toolchain"],
        ["diff", "hello-image", "hello-image"],
        ["graph"],
        ["impact", "hello"],
        ["log", "hello"],
        ["store", "du"],
        ["lock", "--check"],
    ];

    [Fact]
    public async Task A_question_writes_nothing_to_a_store_that_has_everything_a_part_or_what_is_out_of_date()
    {
        Assert.Equal(
            0,
            (await workspace.RunAsync("compose", "hello-image", "-o", Path.Join(workspace.Root, "image.tar"))).ExitCode
        );
        await AskAllAsync("everything is there", mustAnswer: true);

        // What is installed stays, and would have to be split anew.
        var recipe = Path.Join(workspace.Root, "pkgs/hello/recipe.toml");
        var text = await File.ReadAllTextAsync(recipe, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            recipe,
            text + "\n[outputs.tool]\nfiles = [\"usr/bin/hello\"]\n",
            TestContext.Current.CancellationToken
        );
        await AskAllAsync("outputs are to be split anew");
        var explained = await workspace.RunAsync("explain", "hello");
        Assert.Contains("outputs are split", explained.StandardOutput, StringComparison.Ordinal);

        // The action is another.
        workspace.Write("pkgs/hello/hello", "#!/usr/bin/sh\necho changed\n");
        await AskAllAsync("a package has to be built");

        // Nothing of the seed is there.
        Directory.Delete(Path.Join(workspace.Store, "trees"), recursive: true);
        Directory.Delete(Path.Join(workspace.Store, "listings"), recursive: true);
        await AskAllAsync("trees are gone");
    }

    [Fact]
    public async Task A_question_makes_no_store()
    {
        var absent = Path.Join(workspace.Root, "no store");
        foreach (var question in Questions)
            await workspace.RunAsync([.. question, "--store", absent]);

        Assert.False(Directory.Exists(absent));
    }

    private async Task AskAllAsync(string state, bool mustAnswer = false)
    {
        foreach (var question in Questions)
        {
            var before = await ListAsync();
            var answer = await workspace.RunAsync(question);
            var name = $"{string.Join(' ', question)}, where {state}";
            Assert.DoesNotContain("internal error", answer.StandardError, StringComparison.Ordinal);
            Assert.DoesNotContain("can be read but not written", answer.StandardError, StringComparison.Ordinal);
            // diff says by its status that two things differ.
            Assert.True(
                !mustAnswer || answer.ExitCode == 0 || (question[0] == "diff" && answer.ExitCode == 1),
                $"{name}: {answer.StandardOutput}{answer.StandardError}"
            );
            Assert.True(before == await ListAsync(), $"{name} changed the store");
        }
    }

    // Modes, sizes, and the times of both the content and the metadata.
    private Task<string> ListAsync() =>
        Programs.RunAsync("sh", "-c", "find \"$1\" -printf '%P %y %m %s %T@ %C@ %l\\n' | sort", "sh", workspace.Store);
}
