using System.Security.Cryptography;
using CliWrap.Buffered;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// A repository of one's own with another workspace as a submodule: its recipes, and one's own beside them.
/// </summary>
public sealed class CollectionTests : IAsyncLifetime
{
    private const string Base = "collections/base";

    // What is a collection here is a workspace of its own elsewhere.
    private readonly SmallWorkspace origin = new();
    private GitJudge originGit = null!;
    private GitJudge git = null!;

    private string Outer => Path.GetFullPath(Path.Join(origin.Root, "..", "my app"));

    [Fact]
    public async Task The_same_recipe_is_the_same_build_inside_and_outside()
    {
        await AnswerAsync(origin.Root, "compose", "hello-image");

        var outside = await RunAsync(Outer, "compose", "hello-image", "--plain");

        Assert.Contains("debian, toolchain, hello: cached", outside.StandardError);
        Assert.Equal(await DigestAsync(origin.Root), await DigestAsync(Outer));
    }

    [Fact]
    public async Task An_image_of_ones_own_code_has_packages_of_the_collection()
    {
        git.CommitAll();
        foreach (var place in (string[])["", "pkgs/app", Base, $"{Base}/pkgs/hello"])
            Assert.Equal("mine\n", await AnswerAsync(Path.Join(Outer, place), "run", "app-image"));

        Assert.StartsWith("hello world from", await AnswerAsync(Outer, "run", "hello-image"));
        Assert.DoesNotContain("debian", await File.ReadAllTextAsync(Path.Join(Outer, "recipes.lock"), Token));
        Assert.Equal("", new GitJudge(Path.Join(Outer, Base)).Run("status", "--porcelain"));
    }

    [Fact]
    public async Task A_clone_without_its_submodules_says_how_to_get_them()
    {
        git.CommitAll();
        var clone = Path.GetFullPath(Path.Join(Outer, "..", "a clone"));
        git.Run("clone", "--quiet", Outer, clone);

        var run = await RunAsync(clone, "compose", "app-image");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            """
            recipes.toml:4:8: error: there are no recipes in 'collections/base'; if that is a submodule which is not checked out, run: git submodule update --init --recursive
            base = "collections/base"
                   ^^^^^^^^^^^^^^^^^^

            """,
            run.StandardError
        );
        new GitJudge(clone).Run("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
        Assert.Equal("mine\n", await AnswerAsync(clone, "run", "app-image"));
    }

    [Fact]
    public async Task A_worktree_has_its_own_checkout_of_the_collection()
    {
        git.CommitAll();
        var tree = Path.GetFullPath(Path.Join(Outer, "..", "a worktree"));
        git.Run("worktree", "add", "--quiet", "--detach", tree);

        Assert.Contains(
            "there are no recipes in 'collections/base'",
            (await RunAsync(tree, "compose", "app-image")).StandardError
        );
        new GitJudge(tree).Run("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
        Assert.Equal("mine\n", await AnswerAsync(tree, "run", "app-image"));
    }

    [Fact]
    public async Task Without_any_git_the_recipes_are_there_all_the_same()
    {
        Directory.Delete(Path.Join(Outer, ".git"), recursive: true);
        File.Delete(Path.Join(Outer, Base, ".git"));

        Assert.StartsWith("hello world from", await AnswerAsync(Outer, "run", "hello-image"));
    }

    [Fact]
    public async Task A_collection_reached_in_two_ways_has_to_be_one_commit()
    {
        var mid = Path.GetFullPath(Path.Join(Outer, "..", "mid"));
        Directory.CreateDirectory(mid);
        await File.WriteAllTextAsync(
            Path.Join(mid, "recipes.toml"),
            "name = \"mid\"\nformat = 1\n[collections]\nbase = \"base\"\n",
            Token
        );
        var midGit = GitJudge.Init(mid);
        AddSubmodule(midGit, origin.Root, "base");
        midGit.CommitAll();
        AddSubmodule(git, mid, "collections/mid");
        await File.AppendAllTextAsync(Path.Join(Outer, "recipes.toml"), "mid = \"collections/mid\"\n", Token);

        // The submodule of the submodule is not even checked out: its gitlink says what it would be.
        await AnswerAsync(Outer, "check");

        origin.Write("README", "newer\n");
        var newer = originGit.CommitAll();
        var collection = new GitJudge(Path.Join(Outer, Base));
        var older = collection.Run("rev-parse", "HEAD");
        collection.Run("fetch", "--quiet", "origin");
        collection.Run("checkout", "--quiet", newer);

        Assert.StartsWith(
            "collections/mid/recipes.toml:4:8: error: the collection 'base' is reached in two ways, and is "
                + $"{newer[..12]} in 'collections/base' but {older[..12]} in 'collections/mid/base'; move one of them to "
                + "the commit of the other\n",
            (await RunAsync(Outer, "check")).StandardOutput
        );
    }

    [Fact]
    public async Task A_recipe_of_ones_own_takes_the_place_of_one_of_the_collection()
    {
        var text = await File.ReadAllTextAsync(Path.Join(origin.Root, "pkgs/hello/recipe.toml"), Token);
        Write("pkgs/hello/recipe.toml", "replaces = \"base\"\n" + text);
        Write("pkgs/hello/hello", "#!/usr/bin/sh\necho replaced\n");

        Assert.Equal(
            $"pkgs/hello/recipe.toml replaces {Base}/pkgs/hello/recipe.toml; built with it: app-image, hello-image\n"
                + "6 recipes, 0 faults\n",
            await AnswerAsync(Outer, "check")
        );
        Assert.Contains("\"affects\": [\n        \"app-image\"", await AnswerAsync(Outer, "check", "--json"));
        Assert.Equal("replaced\n", await AnswerAsync(Outer, "run", "hello-image"));
    }

    [Fact]
    public async Task Changes_are_for_ones_own_recipes_alone()
    {
        var before = await File.ReadAllTextAsync(Path.Join(Outer, Base, "recipes.lock"), Token);
        var said =
            "'hello' belongs to the collection 'base' (collections/base/pkgs/hello/recipe.toml), and is changed there; or "
            + "write one of your own that says: replaces = \"base\"\n";

        await AnswerAsync(Outer, "lock");
        foreach (
            var command in (string[][])
                [
                    ["bump", "hello"],
                    ["add", "hello", "app"],
                ]
        )
            Assert.EndsWith(said, (await RunAsync(Outer, command)).StandardError);

        Assert.Equal(before, await File.ReadAllTextAsync(Path.Join(Outer, Base, "recipes.lock"), Token));
        Assert.Equal("lock, gitlinks, recipes and patches agree\n", await AnswerAsync(Outer, "lock", "--check"));
    }

    [Fact]
    public async Task Code_of_a_collection_is_what_its_own_repository_has_at_HEAD()
    {
        origin.Write(
            "pkgs/code/recipe.toml",
            """
            name    = "code"
            version = "1"
            summary = "For tests"
            license = "MIT"
            [source]
            path = "words"
            [build]
            system = "none"
            [build.steps]
            install = "mkdir -p /stage/usr/share/code && cp words.txt /stage/usr/share/code"
            """
        );
        origin.Write("words/words.txt", "committed\n");
        var collection = new GitJudge(Path.Join(Outer, Base));
        var newer = originGit.CommitAll();
        collection.Run("fetch", "--quiet", "origin");
        collection.Run("checkout", "--quiet", newer);
        Write(
            "pkgs/code-image/recipe.toml",
            """
            name         = "code-image"
            version-from = "code"
            summary      = "For tests"
            [image]
            include    = ["hello", "code"]
            entrypoint = ["/usr/bin/sh", "-c", "cat /usr/share/code/words.txt"]
            """
        );

        Assert.Equal("committed\n", await AnswerAsync(Outer, "run", "code-image"));

        Write($"{Base}/words/words.txt", "changed\n");
        Assert.Contains(
            "code-image would hold what is not committed: code with changes of 'words/words.txt'",
            (await RunAsync(Outer, "compose", "code-image")).StandardError
        );
    }

    [Fact]
    public async Task Moving_a_collection_is_reviewed_first_and_then_checked_out_and_staged()
    {
        var before = originGit.Run("rev-parse", "HEAD");
        await AnswerAsync(Outer, "compose", "app-image");
        origin.Write("pkgs/hello/hello", "#!/usr/bin/sh\necho newer\n");
        origin.WritePackage("extra", "mkdir -p /stage/usr/share && echo x >/stage/usr/share/x");
        var after = originGit.CommitAll();

        var outdated = await AnswerAsync(Outer, "outdated");
        Assert.Contains("recipes bump base", outdated);
        Assert.Contains(after[..12], outdated);

        var review =
            $"Bump base from {before[..12]} to {after[..12]}\n\n1 commit\n  + extra 1\n  hello 1 changed\n\n"
            + "built again at most, in order, with the time it took last:\n";
        var dry = await AnswerAsync(Outer, "bump", "base", "--dry-run");
        Assert.StartsWith(review, dry);
        Assert.EndsWith("images: app-image, hello-image\nnothing was changed\n", dry);
        Assert.Equal("", git.Run("status", "--porcelain"));

        var nameless = await origin
            .Command("bump", "base", "--commit")
            .WithWorkingDirectory(Outer)
            .WithEnvironmentVariables(x =>
                x.Set("RECIPES_STORE", origin.Store)
                    .Set("GIT_CONFIG_GLOBAL", "/dev/null")
                    .Set("EMAIL", "")
                    .Set("GIT_COMMITTER_EMAIL", "")
                    .Set("GIT_COMMITTER_NAME", "")
            )
            .ExecuteBufferedAsync(Token);
        Assert.Equal(1, nameless.ExitCode);
        Assert.Contains("error: git could not commit: ", nameless.StandardError);
        Assert.Equal("", git.Run("status", "--porcelain"));

        git.Run("config", "user.name", "recipes");
        git.Run("config", "user.email", "recipes@localhost");
        var built = await AnswerAsync(Outer, "bump", "base", "--build", "--commit");
        Assert.Contains("hello: files", built);
        Assert.Contains("image app-image: files", built);
        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.StartsWith(review, git.Run("log", "-1", "--format=%B"));
        Assert.Equal($"160000 commit {after}\tcollections/base", git.Run("ls-tree", "HEAD", Base));
        Assert.Equal("newer\n", await AnswerAsync(Outer, "run", "hello-image"));
        Assert.Equal("base is at that commit already\n", await AnswerAsync(Outer, "bump", "base"));
    }

    [Fact]
    public async Task A_move_that_would_break_the_workspace_changes_nothing_and_says_what()
    {
        Directory.Delete(Path.Join(origin.Root, "pkgs/hello"), recursive: true);
        Directory.Delete(Path.Join(origin.Root, "pkgs/hello-image"), recursive: true);
        originGit.CommitAll();

        var run = await RunAsync(Outer, "bump", Base);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("pkgs/app-image/recipe.toml:5:15: error: there is no recipe 'hello'", run.StandardError);
        Assert.EndsWith(
            "the workspace has 1 fault with that commit of 'base'; nothing was changed\n",
            run.StandardError
        );
        Assert.Equal("", git.Run("status", "--porcelain"));
    }

    [Fact]
    public async Task A_replacement_that_lags_behind_is_named()
    {
        var text = await File.ReadAllTextAsync(Path.Join(origin.Root, "pkgs/hello/recipe.toml"), Token);
        Write("pkgs/hello/recipe.toml", "replaces = \"base\"\n" + text);
        Write("pkgs/hello/hello", "#!/usr/bin/sh\necho replaced\n");
        origin.Write("pkgs/hello/recipe.toml", text.Replace("\"1\"", "\"2\"", StringComparison.Ordinal));
        originGit.Run("checkout", "--quiet", "-b", "next");
        originGit.CommitAll();
        originGit.Run("tag", "v2");
        originGit.Run("checkout", "--quiet", "main");

        foreach (var revision in (string[])["next", "v2"])
            Assert.Contains(
                "\n  hello 1 → 2\npkgs/hello/recipe.toml 1 stays in place of hello, which goes from 1 to 2\n\nnothing is "
                    + "built from it\n",
                await AnswerAsync(Outer, "bump", "base", revision, "--dry-run")
            );
        Assert.Equal("base is at that commit already\n", await AnswerAsync(Outer, "bump", "base"));
    }

    [Theory]
    [InlineData("no such", "the origin of the collection 'base' has no branch, tag or commit 'no such'\n")]
    [InlineData(
        "changes",
        "'collections/base' has changes that are not committed, such as of 'pkgs/hello/hello'; commit or stash them "
            + "first\n"
    )]
    [InlineData(
        "other commit",
        "and the index has {0}: stage it (git add collections/base), or check that out (git submodule update "
            + "collections/base)\n"
    )]
    [InlineData(
        "no submodule",
        "the collection 'base' in 'collections/base' is not a submodule of the workspace's repository, so that nothing "
            + "tells which commit it is at\n"
    )]
    [InlineData(
        "an option",
        "'base' is a collection, which is moved to a branch, tag or commit: recipes bump base [REVISION] [--dry-run] "
            + "[--build] [--commit]\n"
    )]
    public async Task What_cannot_be_moved_is_said(string what, string message)
    {
        var pinned = originGit.Run("rev-parse", "HEAD");
        var collection = new GitJudge(Path.Join(Outer, Base));
        if (what == "changes")
            Write($"{Base}/pkgs/hello/hello", "changed\n");
        if (what == "other commit")
            collection.Run("commit", "--quiet", "--allow-empty", "-m", "x");
        if (what == "no submodule")
            git.Run("rm", "--quiet", "--cached", Base);

        var run = what switch
        {
            "no such" => await RunAsync(Outer, "bump", "base", what),
            "an option" => await RunAsync(Outer, "bump", "base", "--list"),
            _ => await RunAsync(Outer, "bump", "base"),
        };

        Assert.Equal(what == "an option" ? 2 : 1, run.ExitCode);
        Assert.Contains(string.Format(null, message, pinned[..12]), run.StandardError);
    }

    public async ValueTask InitializeAsync()
    {
        await origin.InitializeAsync();
        origin.Write("recipes.toml", "name = \"base\"\nformat = 1\n");
        originGit = GitJudge.Init(origin.Root);
        originGit.CommitAll();
        Write("recipes.toml", $"name = \"my-app\"\nformat = 1\n[collections]\nbase = \"{Base}\"\n");
        Write(".gitignore", "*.tar\n");
        Write("src/words.txt", "mine\n");
        Write(
            "pkgs/app/recipe.toml",
            """
            name    = "app"
            version = "1"
            summary = "For tests"
            license = "MIT"
            [source]
            path = "src"
            [build]
            system = "none"
            [build.steps]
            install = "mkdir -p /stage/usr/share/app && cp words.txt /stage/usr/share/app"
            """
        );
        Write(
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
        git = GitJudge.Init(Outer);
        AddSubmodule(git, origin.Root, Base);
        await AnswerAsync(Outer, "lock");
        git.CommitAll();
    }

    public ValueTask DisposeAsync() => origin.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static void AddSubmodule(GitJudge git, string origin, string path) =>
        git.Run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", origin, path);

    private void Write(string file, string text)
    {
        var path = Path.Join(Outer, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task<string> DigestAsync(string folder)
    {
        var archive = Path.Join(origin.Store, "..", "an image.tar");
        await AnswerAsync(folder, "compose", "hello-image", "--output", archive);
        return Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(archive, Token)));
    }

    private async Task<BufferedCommandResult> RunAsync(string folder, params string[] arguments) =>
        await origin.Command(arguments).WithWorkingDirectory(folder).ExecuteBufferedAsync(Token);

    private async Task<string> AnswerAsync(string folder, params string[] arguments)
    {
        var run = await RunAsync(folder, arguments);
        Assert.True(run.ExitCode == 0, run.StandardError);
        return run.StandardOutput;
    }
}
