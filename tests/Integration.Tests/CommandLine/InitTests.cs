using CliWrap.Buffered;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary><c>recipes init</c>: a repository of one's own, of the code that is there.</summary>
public sealed class InitTests : IAsyncLifetime
{
    private readonly SmallWorkspace origin = new();

    private string App => Path.GetFullPath(Path.Join(origin.Root, "..", "My App"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_with_code_becomes_a_workspace_that_builds()
    {
        Write("Makefile", "install:\n\tmkdir -p $(DESTDIR)/usr/bin\n\tcp my-app $(DESTDIR)/usr/bin/my-app\n");
        Write("my-app", "#!/usr/bin/sh\necho mine\n");
        File.SetUnixFileMode(Path.Join(App, "my-app"), (UnixFileMode)0b111_101_101);

        var said = await AnswerAsync(App, "init", "--collection", origin.Root);

        Assert.Equal(
            """
            added the submodule collections/base: the collection base
            wrote recipes.toml
            wrote .gitignore
            wrote pkgs/my-app/recipe.toml
            wrote pkgs/my-app-image/recipe.toml

            next:  git add --all && git commit
                   recipes build my-app
                   recipes compose my-app-image

            """,
            said
        );
        Assert.Equal(
            "name   = \"my-app\"\nformat = 1\n\n[collections]\nbase = \"collections/base\"\n",
            await ReadAsync("recipes.toml")
        );
        Assert.Contains(
            "[source]\npath   = \".\"\nexcept = [\"collections/**\"",
            await ReadAsync("pkgs/my-app/recipe.toml")
        );
        await AnswerAsync(App, "check");

        // The small collection has no make, so that the steps are written by hand.
        Write(
            "pkgs/my-app/recipe.toml",
            """
            name    = "my-app"
            version = "0"
            summary = "For tests"
            license = "MIT"
            [source]
            path   = "."
            except = ["collections/**", "pkgs/**", "recipes.*", ".git*"]
            [build]
            system = "none"
            [build.steps]
            install = "mkdir -p /stage/usr/bin && cp my-app /stage/usr/bin"
            """
        );
        Write(
            "pkgs/my-app-image/recipe.toml",
            (await ReadAsync("pkgs/my-app-image/recipe.toml")).Replace(
                "[\"my-app\"]",
                "[\"hello\", \"my-app\"]",
                StringComparison.Ordinal
            )
        );
        new GitJudge(App).CommitAll();
        Assert.Equal("mine\n", await AnswerAsync(App, "run", "my-app-image"));
    }

    [Fact]
    public async Task A_collection_with_the_program_is_run_by_the_wrapper_from_anywhere()
    {
        origin.Write("recipes", "#!/bin/sh\necho \"$0\" \"$@\"\n");
        File.SetUnixFileMode(Path.Join(origin.Root, "recipes"), (UnixFileMode)0b111_101_101);
        new GitJudge(origin.Root).CommitAll();

        Assert.Contains(
            "next:  git add --all && git commit\n       ./recipes list\n",
            await AnswerAsync(origin.Store, "init", App, "--collection", origin.Root)
        );

        var run = await CliWrap.Cli.Wrap(Path.Join(App, "recipes")).WithArguments(["a b"]).ExecuteBufferedAsync(Token);
        Assert.Equal($"{App}/collections/base/recipes a b\n", run.StandardOutput);
    }

    [Fact]
    public async Task In_a_repository_that_is_there_nothing_of_it_is_touched()
    {
        Write(".gitignore", "mine\n");
        Write("notes/README", "no code\n");
        var git = GitJudge.Init(App);
        git.CommitAll();

        var said = await AnswerAsync(App, "init", "--collection", origin.Root);

        Assert.Contains("no code was recognised", said);
        Assert.Equal("mine\n", await ReadAsync(".gitignore"));
        Assert.Equal("A  .gitmodules\nA  collections/base\n?? recipes.toml", git.Run("status", "--porcelain"));
    }

    [Theory]
    [InlineData("recipes.toml")]
    [InlineData("pkgs/x/recipe.toml")]
    [InlineData("recipes")]
    public async Task Nothing_is_overwritten(string file)
    {
        Write(file, "mine\n");

        var run = await RunAsync(App, "init", "--collection", origin.Root);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"error: '{Path.Join(App, file.Split('/')[0])}' is there already; nothing was changed\n",
            run.StandardError
        );
        Assert.False(Path.Exists(Path.Join(App, ".git")));
    }

    [Fact]
    public async Task What_fails_leaves_nothing_behind()
    {
        Write("README", "x\n");
        foreach (var place in (string[])[Path.Join(origin.Root, "none"), origin.Store])
        {
            var run = await RunAsync(App, "init", "--collection", place);

            Assert.Equal(1, run.ExitCode);
            Assert.Equal(["README"], Directory.GetFileSystemEntries(App).Select(x => Path.GetFileName(x)));
        }

        // A collection whose recipes have faults is found out after it was added.
        origin.Write("pkgs/hello/recipe.toml", "name = \"hallo\"\n");
        new GitJudge(origin.Root).CommitAll();
        var faulty = await RunAsync(App, "init", "--collection", origin.Root);
        Assert.Contains("collections/base/pkgs/hello/recipe.toml:1:8: error:", faulty.StandardError);
        Assert.Equal(["README"], Directory.GetFileSystemEntries(App).Select(x => Path.GetFileName(x)));

        var git = GitJudge.Init(App);
        git.CommitAll();
        await RunAsync(App, "init", "--collection", origin.Root);
        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.Equal(
            [".git", "README"],
            Directory.GetFileSystemEntries(App).Select(x => Path.GetFileName(x)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_workspace_in_a_workspace_is_refused_and_a_place_is_needed()
    {
        Assert.Equal(
            $"error: '{Path.Join(origin.Root, "inner")}' is in the workspace '{origin.Root}'; make the new one beside it\n",
            (await RunAsync(origin.Root, "init", "inner", "--collection", ".")).StandardError
        );
        var run = await RunAsync(origin.Store, "init", App);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("name the collection to use: recipes init --collection URL|PATH", run.StandardError);
    }

    public async ValueTask InitializeAsync()
    {
        await origin.InitializeAsync();
        origin.Write("recipes.toml", "name = \"base\"\nformat = 1\n");
        GitJudge.Init(origin.Root).CommitAll();
        Directory.CreateDirectory(App);
    }

    public ValueTask DisposeAsync() => origin.DisposeAsync();

    private void Write(string file, string text)
    {
        var path = Path.Join(App, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Join(App, file), Token);

    private async Task<BufferedCommandResult> RunAsync(string folder, params string[] arguments) =>
        await origin.Command(arguments).WithWorkingDirectory(folder).ExecuteBufferedAsync(Token);

    private async Task<string> AnswerAsync(string folder, params string[] arguments)
    {
        var run = await RunAsync(folder, arguments);
        Assert.True(run.ExitCode == 0, run.StandardError);
        return run.StandardOutput;
    }
}
