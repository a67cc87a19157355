using System.Text.Json;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary><c>lock --check</c> and <c>sources verify</c>.</summary>
public sealed class LockCheckTests : IDisposable
{
    private readonly GitWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    private async Task PinAsync()
    {
        await workspace.SucceedAsync("lock");
        workspace.Git.CommitAll("pins");
    }

    private void ChangeLock(string from, string to) =>
        workspace.Write("recipes.lock", workspace.Read("recipes.lock").Replace(from, to, StringComparison.Ordinal));

    [Fact]
    public async Task What_agrees_is_said_to_and_nothing_is_changed()
    {
        await PinAsync();

        Assert.Equal("lock, gitlinks, recipes and patches agree\n", await workspace.SucceedAsync("lock", "--check"));
        Assert.Equal("gitlinks, lock and origins agree\n", await workspace.SucceedAsync("sources", "verify"));

        Assert.Equal("", workspace.Git.Run("status", "--short"));
    }

    [Fact]
    public async Task Every_disagreement_is_listed_and_lock_fixes_it()
    {
        await PinAsync();
        workspace.WriteArchive("2", "two\n");
        workspace.WriteWords("2");
        workspace.Git.Run("rm", "--quiet", "--cached", "pkgs/tool/source");
        workspace.Git.Run("update-index", "--add", "--cacheinfo", $"160000,{new string('1', 40)},pkgs/gone/source");

        var said = await workspace.FailAsync("lock", "--check");

        Assert.Contains(
            "pkgs/words/recipe.toml:4:1: error: recipes.lock pins another 'words': its version was '1', the recipe "
                + "says '2'; run 'recipes lock'\n",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "pkgs/tool/recipe.toml:3:1: error: the index has no gitlink at 'pkgs/tool/source'; run 'recipes lock'\n",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "error: the submodule 'pkgs/gone/source' belongs to no recipe; run 'recipes lock'\n",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains("\n3 faults\n", said, StringComparison.Ordinal);
        await workspace.SucceedAsync("lock");
        await workspace.SucceedAsync("lock", "--check");
    }

    [Fact]
    public async Task A_gitlink_or_an_entry_of_gitmodules_that_was_changed_is_told()
    {
        await PinAsync();
        workspace.Git.Run("update-index", "--cacheinfo", $"160000,{new string('1', 40)},pkgs/words/source");
        workspace.Write(
            ".gitmodules",
            workspace.Read(".gitmodules").Replace("file:", "https:", StringComparison.Ordinal)
        );
        workspace.Git.Run("add", ".gitmodules");

        var said = await workspace.FailAsync("lock", "--check");

        Assert.Contains(
            $"error: the gitlink at 'pkgs/words/source' names the commit {new string('1', 40)}, recipes.lock pins ",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "error: .gitmodules describes 'pkgs/tool/source' otherwise than it is pinned; run 'recipes lock'\n",
            said,
            StringComparison.Ordinal
        );
        workspace.Git.Run("rm", "--quiet", "--cached", ".gitmodules");
        Assert.Contains(
            "error: .gitmodules does not describe 'pkgs/tool/source'; run 'recipes lock'\n",
            await workspace.FailAsync("lock", "--check"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Patches_have_to_be_there_and_to_apply_one_after_the_other()
    {
        const string First =
            "why\n\n--- a/words.txt\n+++ b/words.txt\n@@ -1 +1,2 @@\n one\n+two\n--- /dev/null\n+++ b/doc/new\n@@ "
            + "-0,0 +1 @@\n+new\n";
        const string Second = "--- a/words.txt\n+++ b/words.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n";
        workspace.Write("pkgs/words/1.patch", First);
        workspace.Write("pkgs/words/2.patch", Second);
        workspace.WriteWords("1", "patches = [\"1.patch\", \"2.patch\"]\n");
        await PinAsync();
        await workspace.SucceedAsync("lock", "--check");
        await ShowsAsync();

        workspace.WriteWords("1", "patches = [\"2.patch\", \"1.patch\"]\n");
        Assert.Contains(
            "pkgs/words/recipe.toml:4:1: error: the patch '2.patch' does not apply to the source of 'words': patch "
                + "failed: words.txt:1; words.txt: patch does not apply\n",
            await workspace.FailAsync("lock", "--check"),
            StringComparison.Ordinal
        );
        File.Delete(workspace.Path("pkgs/words/2.patch"));
        Assert.Contains("2.patch", await workspace.FailAsync("lock", "--check"), StringComparison.Ordinal);
    }

    /// <summary>What was checked is shown, and is what a build starts from.</summary>
    private async Task ShowsAsync()
    {
        var shown = await workspace.SucceedAsync("sources", "show", "words");
        Assert.Matches(
            "^/build: source of words, sha256:[0-9a-f]{64}\n  patch pkgs/words/1.patch\n  patch "
                + "pkgs/words/2.patch\n  /",
            shown
        );
        var folder = shown.Split('\n')[3].Trim();
        Assert.Equal(
            "one\nthree\n",
            await File.ReadAllTextAsync(Path.Join(folder, "words.txt"), TestContext.Current.CancellationToken)
        );
        using var json = JsonDocument.Parse(await workspace.SucceedAsync("sources", "show", "words", "--json"));
        Assert.Equal(folder, json.RootElement.GetProperty("sources")[0].GetProperty("folder").GetString());
        workspace.Write(
            "stage0/seed/recipe.toml",
            "name = \"seed\"\n[seed]\nsuite = \"bookworm\"\npackages = [\"libc6\"]\n"
        );
        Assert.Contains(
            "'seed' is a seed and has no source",
            (await workspace.RunAsync("sources", "show", "seed")).StandardError,
            StringComparison.Ordinal
        );
        Directory.Delete(workspace.Path("stage0"), recursive: true);
    }

    [Fact]
    public async Task The_answer_of_a_check_is_json_too()
    {
        await PinAsync();
        workspace.WriteTool("2");

        using var json = JsonDocument.Parse((await workspace.RunAsync("lock", "--check", "--json")).StandardOutput);

        var fault = Assert.Single(json.RootElement.GetProperty("diagnostics").EnumerateArray());
        Assert.Equal("pkgs/tool/recipe.toml", fault.GetProperty("file").GetString());
    }

    [Fact]
    public async Task An_archive_that_was_replaced_under_its_version_is_noticed_and_pinned_anew()
    {
        await PinAsync();
        workspace.WriteArchive("1", "other\n");

        Assert.Matches(
            "pkgs/words/recipe.toml:4:1: error: recipes.lock pins another 'words': 'file:words-1.tar.gz' is another "
                + "file than was "
                + "pinned \\(sha256:[0-9a-f]{64}, not sha256:[0-9a-f]{64}\\); run 'recipes lock'\n",
            await workspace.FailAsync("lock", "--check")
        );
        Assert.Contains(
            "is another file than was pinned",
            await workspace.FailAsync("sources", "show", "words"),
            StringComparison.Ordinal
        );
        await workspace.SucceedAsync("lock");
        await workspace.SucceedAsync("lock", "--check");
    }

    [Fact]
    public async Task An_archive_that_was_changed_or_cannot_be_had_is_named()
    {
        await PinAsync();
        Directory.Delete(workspace.Outside("the store"), recursive: true);
        workspace.WriteArchive("1", "other\n");

        var said = await workspace.FailAsync("sources", "verify");

        Assert.Contains("pkgs/words/recipe.toml:4:1: error: ", said, StringComparison.Ordinal);
        Assert.Contains("\n1 fault\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_was_moved_is_named()
    {
        await PinAsync();
        var pinned = workspace.Upstream.Run("rev-parse", "v1^{commit}");
        workspace.Upstream.Run("tag", "--force", "v1", "v2^{}");

        Assert.Contains(
            $"v1' of '{new Uri(workspace.Upstream.Folder).AbsoluteUri}' was moved: recipes.lock pins the commit "
                + $"{pinned}, the tag is now ",
            await workspace.FailAsync("sources", "verify"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("git-tree")]
    [InlineData("tree")]
    public async Task A_lock_that_was_forged_is_found(string key)
    {
        await PinAsync();
        var line = workspace
            .Read("recipes.lock")
            .Split('\n')
            .Last(x => x.StartsWith(key + " =", StringComparison.Ordinal));
        var forged = line[..^5] + (line[^5] == '1' ? '2' : '1') + line[^4..];
        ChangeLock(
            line,
            key == "tree"
                ? line.Replace(line.Split('"')[1][.."sha256:abcd".Length], "sha256:abcd", StringComparison.Ordinal)
                : forged
        );
        // As if the forger had been thorough.
        await workspace.RunAsync("lock");

        Assert.Contains(
            "error: The source of 'words' is not what recipes.lock says: expected ",
            await workspace.FailAsync("sources", "verify"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_upstream_that_is_gone_is_named_and_the_others_are_verified_all_the_same()
    {
        await PinAsync();
        Directory.Move(workspace.Upstream.Folder, workspace.Outside("moved"));

        var said = await workspace.FailAsync("sources", "verify");

        Assert.Contains("pkgs/tool/recipe.toml:3:1: error: The tag 'v1' of '", said, StringComparison.Ordinal);
        Assert.Contains("could not be fetched: ", said, StringComparison.Ordinal);
        Assert.Contains("\n1 fault\n", said, StringComparison.Ordinal);
    }
}
