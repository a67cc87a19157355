using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

public sealed class GitOriginTests : IDisposable
{
    private readonly SourceFixture fixture = new();
    private readonly GitJudge upstream;

    public GitOriginTests()
    {
        upstream = GitJudge.Init(fixture.Folder.Join("up stream"));
        Write("a.c", "int a;\n");
        Write("src/crlf.txt", "one\r\ntwo\r\n");
        Write("id.txt", "$Id$ $Format:%H$\n");
        Write("left-out.txt", "kept all the same\n");
        Write(".gitattributes", "*.txt text ident export-subst\nleft-out.txt export-ignore\n");
        Write("configure", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Join(upstream.Folder, "configure"), (UnixFileMode)0x1ed);
        File.CreateSymbolicLink(Path.Join(upstream.Folder, "src", "link"), "../a.c");
        upstream.CommitAll();
        upstream.Run("tag", "v1");
        upstream.Run("tag", "-a", "-m", "annotated", "v1-annotated");
    }

    public void Dispose() => fixture.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => new Uri(upstream.Folder).AbsoluteUri;

    private void Write(string name, string content) => fixture.Folder.Write(Path.Join("up stream", name), content);

    private SourceRecipe Recipe(string tag, string[]? only = null) =>
        fixture.Recipe("x", SourceFixture.Source(null) with { Git = Url, Tag = tag, Only = [.. only ?? []] });

    [Theory]
    [InlineData("v1")]
    [InlineData("v1-annotated")]
    public async Task A_tag_is_pinned_by_its_commit_and_comes_as_it_is_in_git(string tag)
    {
        var pin = (await fixture.LockAsync(Recipe(tag))).Sources["x"];

        Assert.Equal(upstream.Run("rev-parse", "v1^{commit}"), pin.Commit);
        Assert.Equal(upstream.Run("rev-parse", "v1^{tree}"), pin.GitTree);
        var entries = fixture.Store.ReadTree(pin.Tree).Walk().ToDictionary(x => x.Path);
        Assert.True(entries["configure"].IsExecutable);
        Assert.Equal("../a.c", entries["src/link"].Target);
        var path = fixture.Store.TreePath(pin.Tree);
        var judge = GitJudge.Init(fixture.Folder.Join("judge"));
        foreach (var file in entries.Values.Where(x => x.Kind == TreeEntryKind.File))
            Assert.Equal(
                upstream.Run("rev-parse", $"v1:{file.Path}"),
                judge.Run("hash-object", "--no-filters", Path.Join(path, file.Path))
            );
        Assert.Equal(
            upstream.Run("ls-tree", "-r", "--name-only", "v1").Split('\n').Length,
            entries.Values.Count(x => x.Kind != TreeEntryKind.Folder)
        );
    }

    [Fact]
    public async Task Once_fetched_it_needs_upstream_no_more()
    {
        var recipe = Recipe("v1");
        var pins = await fixture.LockAsync(recipe);
        var store = fixture.OtherStore();
        using (var fetcher = fixture.NewFetcher(store))
            await fetcher.FetchAsync([recipe], pins, unpack: false, Token);
        Directory.Delete(upstream.Folder, recursive: true);

        using var later = fixture.NewFetcher(store);
        Assert.Equal(
            pins.Sources["x"].Tree,
            await later.EnsureTreeAsync(recipe.RequireSource(), pins.Sources["x"], Token)
        );
    }

    [Fact]
    public async Task Only_narrows_it()
    {
        var pin = (await fixture.LockAsync(Recipe("v1", ["src/**"]))).Sources["x"];

        Assert.Equal(["src", "src/crlf.txt", "src/link"], fixture.Store.ReadTree(pin.Tree).Walk().Select(x => x.Path));
    }

    [Fact]
    public async Task A_moved_tag_does_not_move_the_pin()
    {
        var recipe = Recipe("v1");
        var pins = await fixture.LockAsync(recipe);
        Write("a.c", "int b;\n");
        upstream.CommitAll("later");
        upstream.Run("tag", "--force", "v1");
        using var fetcher = fixture.NewFetcher(fixture.OtherStore());

        Assert.Equal(
            pins.Sources["x"].Tree,
            await fetcher.EnsureTreeAsync(recipe.RequireSource(), pins.Sources["x"], Token)
        );
    }

    [Fact]
    public async Task A_moved_tag_whose_old_commit_is_gone_is_told()
    {
        var recipe = Recipe("v1");
        var pin = (await fixture.LockAsync(recipe)).Sources["x"] with { Commit = new string('1', 40) };
        using var fetcher = fixture.NewFetcher(fixture.OtherStore());

        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.EnsureTreeAsync(recipe.RequireSource(), pin, Token)
        );

        Assert.StartsWith(
            $"The tag 'v1' of '{Url}' was moved: recipes.lock pins the commit {pin.Commit}, the tag is now "
                + $"{upstream.Run("rev-parse", "v1")}, and the old commit could not be fetched: ",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_tag_or_repository_that_is_not_there_is_told()
    {
        Assert.StartsWith(
            $"The tag 'v9' of '{Url}' could not be fetched: ",
            await fixture.FailureAsync(Recipe("v9")),
            StringComparison.Ordinal
        );
        var gone = fixture.Recipe("x", SourceFixture.Source(null) with { Git = "file:///nowhere/x.git", Tag = "v1" });
        Assert.Contains("could not be fetched: ", await fixture.FailureAsync(gone), StringComparison.Ordinal);
    }

    /// <summary>A submodule of upstream that has one of its own; each is beside the other.</summary>
    private void AddSubmodules()
    {
        var leaf = GitJudge.Init(fixture.Folder.Join("leaf"));
        fixture.Folder.Write("leaf/leaf.c", "int leaf;\n");
        leaf.CommitAll();
        var sub = GitJudge.Init(fixture.Folder.Join("sub.git"));
        fixture.Folder.Write("sub.git/sub.c", "int sub;\n");
        AddGitlink(sub, "deep/leaf", "../leaf", leaf.Run("rev-parse", "HEAD"));
        var pinned = sub.CommitAll();
        // Upstream's submodules are seldom at the head of a branch.
        fixture.Folder.Write("sub.git/sub.c", "int later;\n");
        sub.CommitAll();
        AddGitlink(upstream, "lib/sub", "../sub.git", pinned);
        Tag("v2");
    }

    private static void AddGitlink(GitJudge git, string path, string? url, string commit)
    {
        git.Run("update-index", "--add", "--cacheinfo", $"160000,{commit},{path}");
        Directory.CreateDirectory(Path.Join(git.Folder, path));
        if (url is not null)
            File.AppendAllText(
                Path.Join(git.Folder, ".gitmodules"),
                $"[submodule \"{path}\"]\n\tpath = {path}\n\turl = {url}\n"
            );
        git.Run("add", "--force", ".");
    }

    private void Tag(string name)
    {
        upstream.Run("commit", "--quiet", "--allow-empty", "-m", "sub");
        upstream.Run("tag", name);
    }

    private string Paths(Recipes.Engine.Sources.Locking.Pin pin) =>
        string.Join(
            ' ',
            fixture
                .Store.ReadTree(pin.Tree)
                .Walk()
                .Where(x => x.Kind != TreeEntryKind.Folder && x.Path.StartsWith("lib", StringComparison.Ordinal))
                .Select(x => x.Path)
        );

    [Fact]
    public async Task Submodules_are_pinned_with_theirs_and_need_their_upstreams_no_more_once_fetched()
    {
        AddSubmodules();
        var recipe = Recipe("v2");

        var pins = await fixture.LockAsync(recipe);

        var pin = pins.Sources["x"];
        Assert.Equal(["lib/sub", "lib/sub/deep/leaf"], pin.Submodules);
        Assert.Equal("lib/sub/.gitmodules lib/sub/deep/leaf/leaf.c lib/sub/sub.c", Paths(pin));
        Assert.Equal(upstream.Run("rev-parse", "v2^{tree}"), pin.GitTree);
        Assert.Equal("int sub;\n", File.ReadAllText(Path.Join(fixture.Store.TreePath(pin.Tree), "lib/sub/sub.c")));
        var store = fixture.OtherStore();
        using (var fetcher = fixture.NewFetcher(store))
            await fetcher.FetchAsync([recipe], pins, unpack: false, Token);
        foreach (var name in (string[])["up stream", "sub.git", "leaf"])
            Directory.Delete(fixture.Folder.Join(name), recursive: true);
        using var later = fixture.NewFetcher(store);
        Assert.Equal(pin.Tree, await later.EnsureTreeAsync(recipe.RequireSource(), pin, Token));
    }

    [Fact]
    public async Task A_submodule_in_whose_place_something_is_included_is_not_fetched()
    {
        AddGitlink(upstream, "lib/sub", "https://sub.invalid/sub.git", new string('a', 40));
        Tag("v2");
        var recipe = Recipe("v2");
        var included = recipe with
        {
            Source = recipe.Source with
            {
                Include = recipe.Source.Include.Add("lib/sub", new RecipeReference("sub", null)),
            },
        };

        var pin = (await fixture.LockAsync(included)).Sources["x"];

        Assert.Equal(["lib/sub"], pin.Included);
        Assert.Empty(pin.Submodules);
        Assert.Equal("", Paths(pin));
    }

    [Theory]
    [InlineData("**", "lib/sub")]
    [InlineData("**", "lib/**")]
    [InlineData("src/**", "none")]
    [InlineData("a.c", "none")]
    public async Task A_submodule_that_is_not_wanted_is_not_fetched(string only, string except)
    {
        AddGitlink(upstream, "lib/sub", "https://sub.invalid/sub.git", new string('a', 40));
        Tag("v2");
        var recipe = Recipe("v2", [only]);

        var pins = await fixture.LockAsync(recipe with { Source = recipe.Source with { Except = [except] } });

        Assert.Equal("", Paths(pins.Sources["x"]));
    }

    [Theory]
    [InlineData("lib/**", "none")]
    [InlineData("**", "lib/sub/.*")]
    public async Task Of_a_submodule_only_what_is_wanted_is_taken(string only, string except)
    {
        AddSubmodules();
        var recipe = Recipe("v2", [only]);

        var pin = (
            await fixture.LockAsync(recipe with { Source = recipe.Source with { Except = [except, "**/leaf.c"] } })
        ).Sources["x"];

        Assert.Equal(except == "none" ? "lib/sub/.gitmodules lib/sub/sub.c" : "lib/sub/sub.c", Paths(pin));
    }

    [Theory]
    [InlineData(null, "has no URL")]
    [InlineData("ext::sh -c true", "is at 'ext::sh -c true', from where it is not fetched")]
    [InlineData("../none", "is not available: The commit ")]
    public async Task A_submodule_that_cannot_be_had_says_what_to_do(string? url, string message)
    {
        AddGitlink(upstream, "lib/sub", url, new string('a', 40));
        Tag("v2");

        var failure = await fixture.FailureAsync(Recipe("v2"));

        Assert.StartsWith($"The submodule 'lib/sub' of '{Url}' {message}", failure, StringComparison.Ordinal);
        Assert.EndsWith(
            "'include' in [source] can lay another recipe's source there, 'except' leaves it out.",
            failure,
            StringComparison.Ordinal
        );
        Assert.Empty(fixture.TreesInStore());
    }

    [Fact]
    public async Task A_commit_that_a_submodule_lost_is_told()
    {
        AddSubmodules();
        AddGitlink(upstream, "lib/lost", "../sub.git", new string('a', 40));
        Tag("v3");

        Assert.Contains(
            "The submodule 'lib/lost' of ",
            await fixture.FailureAsync(Recipe("v3")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_link_that_leads_outside_is_refused()
    {
        File.CreateSymbolicLink(Path.Join(upstream.Folder, "evil"), "/etc/passwd");
        upstream.CommitAll();
        upstream.Run("tag", "v2");

        Assert.Contains(
            "the link 'evil' leads outside the tree, to '/etc/passwd'",
            await fixture.FailureAsync(Recipe("v2")),
            StringComparison.Ordinal
        );
    }

    /// <summary>A recipe with two origins, the archive as git makes it of the tag.</summary>
    private SourceRecipe TwoOrigins()
    {
        // Attributes would change what git archive writes.
        File.WriteAllText(
            Path.Join(upstream.Folder, ".git", "info", "attributes"),
            "* -export-subst -export-ignore -text -ident\n"
        );
        upstream.Run("archive", "--format=tar", "--prefix=x-1/", "-o", fixture.Folder.Join("x.tar"), "v1");
        var recipe = Recipe("v1");
        return recipe with { Source = recipe.Source with { Archive = "file:x.tar" } };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_origins_either_suffices_for_a_build(bool withArchive)
    {
        var recipe = TwoOrigins();
        var pins = await fixture.LockAsync(recipe);
        if (withArchive)
            Directory.Delete(upstream.Folder, recursive: true);
        else
            File.Delete(fixture.Folder.Join("x.tar"));
        using var fetcher = fixture.NewFetcher(fixture.OtherStore());

        Assert.Equal(
            pins.Sources["x"].Tree,
            await fetcher.EnsureTreeAsync(recipe.RequireSource(), pins.Sources["x"], Token)
        );
    }

    [Fact]
    public async Task A_pin_whose_tree_is_not_that_of_its_commit_is_not_used()
    {
        var recipe = TwoOrigins();
        var pin = (await fixture.LockAsync(recipe)).Sources["x"];
        Write("a.c", "int other;\n");
        var other = pin with { Commit = upstream.CommitAll() };
        upstream.Run("tag", "--force", "v1");
        var store = fixture.OtherStore();
        await new Recipes.Engine.Sources.Git.GitRepository(store, Url).FetchTagAsync("v1", Token);
        using var fetcher = fixture.NewFetcher(store);

        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.EnsureTreeAsync(recipe.RequireSource(), other, Token)
        );

        Assert.StartsWith(
            $"The source of 'x' is not what recipes.lock says: expected git tree {pin.GitTree}, got "
                + $"{upstream.Run("rev-parse", "v1^{tree}")} for the commit {other.Commit}. Nothing was imported. ",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_archive_beside_the_tag_has_to_hold_its_very_tree()
    {
        var recipe = TwoOrigins();

        var pin = (await fixture.LockAsync(recipe)).Sources["x"];

        Assert.Equal(upstream.Run("rev-parse", "v1^{commit}"), pin.Commit);
        Assert.Equal(upstream.Run("rev-parse", "v1^{tree}"), pin.GitTree);
        fixture.WriteArchive("x.tar", new TarBuilder().File("x-1/other").ToTar());
        Assert.Contains(
            "The archive of 'x' does not hold the tag 'v1': its git tree is ",
            await fixture.FailureAsync(recipe),
            StringComparison.Ordinal
        );
    }
}
