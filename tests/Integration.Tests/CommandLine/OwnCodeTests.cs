using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// <c>[source] path</c>: what the workspace's own repository has is the source, and its commit the pin.
/// </summary>
public sealed class OwnCodeTests : IAsyncLifetime
{
    private readonly SmallWorkspace workspace = new();
    private GitJudge git = null!;

    [Fact]
    public async Task What_is_committed_is_pinned_without_a_lock_or_anything_to_update()
    {
        git.CommitAll();
        Assert.Equal("one\n", await ShippedAsync());
        Assert.DoesNotContain("app", await ReadAsync("recipes.lock"));
        await AnswerAsync("lock", "--check");
        await AnswerAsync("fetch", "app");

        workspace.Write("src/words.txt", "two\n");
        git.CommitAll();
        Assert.Equal("two\n", await ShippedAsync());

        // A commit that leaves the folder as it is builds nothing.
        workspace.Write("README", "elsewhere\n");
        git.CommitAll();
        Assert.Contains("app: cached", (await workspace.RunAsync("build", "app", "--plain")).StandardError);
    }

    [Fact]
    public async Task What_is_not_committed_is_built_but_no_image_takes_it_unless_that_is_allowed()
    {
        git.CommitAll();
        await ShippedAsync();
        workspace.Write("src/words.txt", "draft\n");

        Assert.Contains(
            "not pinned: app; no image takes that without --allow-unpinned\n",
            await AnswerAsync("build", "app")
        );
        foreach (var command in (string[])["compose", "run"])
            Assert.Equal(
                "error: app-image would hold what is not committed: app with changes of 'src/words.txt'; either commit "
                    + "that, or allow that with --allow-unpinned\n",
                (await workspace.RunAsync(command, "app-image")).StandardError
            );
        var allowed = await workspace.RunAsync("run", "app-image", "--allow-unpinned");
        Assert.Equal("draft\n", allowed.StandardOutput);
        Assert.Contains(
            $"warning: app-image is not pinned: app is built from '{Path.Join(workspace.Root, "src")}'\n",
            allowed.StandardError
        );

        // Once it is committed, nothing has to be built again.
        git.CommitAll();
        Assert.Contains("app: cached", (await workspace.RunAsync("build", "app", "--plain")).StandardError);
        Assert.Equal("draft\n", await ShippedAsync());
    }

    [Fact]
    public async Task Only_what_git_tracks_counts_with_its_modes_links_and_deletions()
    {
        workspace.Write("src/run me", "#!/usr/bin/sh\n");
        File.SetUnixFileMode(Path.Join(workspace.Root, "src/run me"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Join(workspace.Root, "src/a link"), "words.txt");
        workspace.Write("src/docs/page", "left out\n");
        git.CommitAll();
        workspace.Write("src/untracked", "x\n");
        Assert.Equal("a link -> words.txt\nrun me*\nwords.txt\n", await ListedAsync());

        workspace.Write("src/staged", "x\n");
        git.Run("add", "src/staged");
        File.Delete(Path.Join(workspace.Root, "src/a link"));
        File.SetUnixFileMode(Path.Join(workspace.Root, "src/run me"), (UnixFileMode)0b110_100_100);

        Assert.Equal("run me\nstaged\nwords.txt\n", await ListedAsync("--allow-unpinned"));
        Assert.Contains(
            "app with changes of 'src/a link', 'src/run me', 'src/staged';",
            (await workspace.RunAsync("compose", "app-image")).StandardError
        );
    }

    [Fact]
    public async Task Bytes_are_those_of_git_whatever_a_checkout_makes_of_line_ends()
    {
        git.CommitAll();
        git.Run("config", "core.autocrlf", "true");
        File.Delete(Path.Join(workspace.Root, "src/words.txt"));
        git.Run("checkout", "--", "src/words.txt");
        Assert.Equal("one\r\n", await ReadAsync("src/words.txt"));

        Assert.Equal("one\n", await ShippedAsync());
    }

    [Fact]
    public async Task A_patch_on_it_is_tried_by_lock_check_as_by_the_build()
    {
        WriteApp("path = \"src\"\npatches = [\"fix.patch\"]");
        workspace.Write("pkgs/app/fix.patch", "--- a/words.txt\n+++ b/words.txt\n@@ -1 +1 @@\n-one\n+patched\n");
        git.CommitAll();

        await AnswerAsync("lock", "--check");
        Assert.Equal("patched\n", await ShippedAsync());
    }

    [Fact]
    public async Task A_worktree_of_the_repository_and_a_workspace_in_a_folder_of_it_are_fine()
    {
        git.CommitAll();
        var tree = Path.Join(workspace.Root, "..", "a worktree");
        git.Run("worktree", "add", "--quiet", "--detach", tree);
        await File.WriteAllTextAsync(
            Path.Join(tree, "src/words.txt"),
            "in the worktree\n",
            TestContext.Current.CancellationToken
        );
        new GitJudge(tree).CommitAll();

        Assert.Equal("in the worktree\n", (await workspace.RunAsync("run", "app-image", "-w", tree)).StandardOutput);
        Assert.Equal("one\n", await ShippedAsync());
    }

    [Theory]
    [InlineData(
        "nothing is committed",
        "",
        "'app' is built from what '{0}' has at HEAD, and nothing is committed there yet"
    )]
    [InlineData("no folder", "path = \"lib\"", "'app' is built from 'lib', where git tracks nothing of what it wants")]
    [InlineData(
        "nothing wanted",
        "path = \"src\"\nonly = [\"*.c\"]",
        "'app' is built from 'src', where git tracks nothing of what it wants"
    )]
    [InlineData(
        "no repository",
        "",
        "'app' is built from what the workspace's own git repository has in 'src', and '{0}' is in none: make one there "
            + "(git init), and commit"
    )]
    [InlineData(
        "a submodule",
        "",
        "'app' is built from 'src', where 'src/module' is a submodule; leave it out with 'except', or lay another "
            + "recipe's source there with 'include'"
    )]
    [InlineData("a conflict", "", "'app' cannot be built: 'src/words.txt' has a merge conflict")]
    public async Task What_cannot_be_a_source_is_said(string what, string source, string message)
    {
        if (source.Length > 0)
            WriteApp(source);
        if (what != "nothing is committed")
            git.CommitAll();
        if (what == "no repository")
            Directory.Delete(Path.Join(workspace.Root, ".git"), recursive: true);
        if (what == "a submodule")
            git.Run("update-index", "--add", "--cacheinfo", $"160000,{git.Run("rev-parse", "HEAD")},src/module");
        if (what == "a conflict")
        {
            git.Run("checkout", "--quiet", "-b", "other");
            workspace.Write("src/words.txt", "theirs\n");
            git.CommitAll();
            git.Run("checkout", "--quiet", "main");
            workspace.Write("src/words.txt", "ours\n");
            git.CommitAll();
            git.Run("config", "merge.conflictStyle", "merge");
            Assert.ThrowsAny<Exception>(() => git.Run("merge", "--quiet", "other"));
        }

        var run = await workspace.RunAsync("build", "app");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(string.Format(null, message, workspace.Root), run.StandardError);
    }

    [Theory]
    [InlineData("bump")]
    [InlineData("outdated")]
    public async Task What_is_for_pins_says_that_there_is_none(string command)
    {
        git.CommitAll();

        var run = await workspace.RunAsync(command, "app");

        Assert.Contains(
            "'app' is built from what the workspace's own repository has in 'src', which no lock pins",
            run.StandardError
        );
    }

    public async ValueTask InitializeAsync()
    {
        await workspace.InitializeAsync();
        WriteApp("path = \"src\"\nexcept = [\"docs/**\"]");
        workspace.Write("src/words.txt", "one\n");
        workspace.Write(
            "pkgs/app-image/recipe.toml",
            """
            name         = "app-image"
            version-from = "app"
            summary      = "For tests"
            [image]
            include    = ["hello", "app"]
            entrypoint = ["/usr/bin/sh", "-c", "cat /usr/share/app/words.txt"]
            """
        );
        git = GitJudge.Init(workspace.Root);
    }

    public ValueTask DisposeAsync() => workspace.DisposeAsync();

    private void WriteApp(string source) => workspace.WriteApp(source);

    private async Task<string> ShippedAsync() => await AnswerAsync("run", "app-image");

    /// <summary>The files of the package, as <c>ls -F</c> would mark them.</summary>
    private async Task<string> ListedAsync(params string[] arguments)
    {
        await AnswerAsync(["compose", "app-image", .. arguments]);
        var files = await AnswerAsync("files", "app");
        return string.Concat(
            files
                .Split('\n')
                .Where(x => x.Contains("usr/share/app/", StringComparison.Ordinal))
                .Select(x =>
                    x[(x.IndexOf("usr/share/app/", StringComparison.Ordinal) + "usr/share/app/".Length)..]
                    + (x.StartsWith("755", StringComparison.Ordinal) ? "*\n" : "\n")
                )
        );
    }

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(Path.Join(workspace.Root, file), TestContext.Current.CancellationToken);

    private Task<string> AnswerAsync(params string[] arguments) => workspace.AnswerAsync(arguments);
}
