using Recipes.Engine;
using Recipes.Engine.Bumping;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Workspaces;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Bumping;

/// <summary>All of a bump is made, or nothing of it; and a commit holds nothing else.</summary>
public sealed class BumpSafetyTests : IDisposable
{
    private readonly BumpFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_commit_holds_the_bump_alone_and_what_else_is_staged_stays_staged()
    {
        fixture.SmallSource();
        fixture.Write("README.md", "one\n");
        await fixture.CommitAsync();
        fixture.Write("README.md", "two\n");
        fixture.Write("new.txt", "new\n");
        fixture.Git.Run("add", "--all");
        fixture.Write("README.md", "three\n");

        var commit = await (await fixture.PrepareAsync()).ApplyAsync("Bump x\n\n# no comment\n", Token);

        Assert.Equal(commit, fixture.Git.Run("rev-parse", "HEAD"));
        Assert.Equal("Bump x\n\n# no comment", fixture.Git.Run("log", "-1", "--format=%B"));
        Assert.Equal(
            "pkgs/x/recipe.toml\npkgs/x/source\nrecipes.lock",
            fixture.Git.Run("show", "--format=", "--name-only")
        );
        Assert.Equal("MM README.md\nA  new.txt", fixture.Git.Run("status", "--porcelain"));
        Assert.Equal(
            $"160000 commit {fixture.Gitlink()}\tpkgs/x/source",
            fixture.Git.Run("ls-tree", "HEAD", "pkgs/x/source")
        );
        fixture.Git.Run("fsck", "--strict");
    }

    [Theory]
    [InlineData("pkgs/x/recipe.toml")]
    [InlineData(".gitmodules")]
    public async Task A_commit_is_refused_where_its_files_have_other_changes(string file)
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        fixture.Write(file, fixture.Read(file) + "# mine\n");
        var before = fixture.Everything();

        var bump = await fixture.PrepareAsync();
        var fault = await Assert.ThrowsAsync<EngineException>(() => bump.ApplyAsync("Bump", Token));

        Assert.Equal(
            $"{file} has changes that are not committed, and would become part of the bump; commit or stash them first",
            fault.Message
        );
        Assert.Equal(before, fixture.Everything());
        // Without a commit, the change stays where it is.
        await bump.ApplyAsync(null, Token);
        Assert.EndsWith("# mine\n", fixture.Read(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_is_refused_in_the_middle_of_a_merge()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var bump = await fixture.PrepareAsync();
        File.WriteAllText(Path.Join(fixture.Root, ".git", "MERGE_HEAD"), fixture.Git.Run("rev-parse", "HEAD") + "\n");

        var fault = await Assert.ThrowsAsync<EngineException>(() => bump.CheckCommitAsync(Token));

        Assert.Equal(
            "A merge, cherry-pick or revert is not finished (MERGE_HEAD); finish it, or do not commit",
            fault.Message
        );
    }

    [Fact]
    public async Task A_commit_that_git_refuses_leaves_everything_as_it_was()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        fixture.Git.Run("config", "--unset", "user.email");
        fixture.Git.Run("config", "--unset", "user.name");
        fixture.Git.Run("config", "user.useConfigOnly", "true");
        fixture.Git.Run("config", "user.name", "");
        var (bump, before) = (await fixture.PrepareAsync(), fixture.Everything());

        var fault = await Assert.ThrowsAsync<EngineException>(() => bump.ApplyAsync("Bump", Token));

        Assert.StartsWith("git could not commit: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Everything());
        Assert.Equal("", fixture.Git.Run("status", "--porcelain"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_undoes_what_was_written_before_it()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var before = fixture.Everything();
        // The last one has a folder in its place.
        Directory.CreateDirectory(Path.Join(fixture.Root, "last"));
        var change = WorkspaceChange.Begin(
            fixture.Root,
            Superproject.Find(fixture.Root),
            ["pkgs/x/recipe.toml", "recipes.lock", "last"],
            "pkgs/x/source"
        );
        (string, byte[])[] files =
        [
            ("pkgs/x/recipe.toml", "new"u8.ToArray()),
            ("recipes.lock", "new"u8.ToArray()),
            ("last", "new"u8.ToArray()),
        ];

        var fault = Assert.Throws<EngineException>(() =>
            change.Write(files, new("pkgs/x/source", new string('1', 40), "https://elsewhere.org", IsImported: false))
        );
        change.Undo();

        Assert.Contains("last' cannot be written: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Everything());
    }

    [Fact]
    public async Task A_locked_index_stops_it_before_any_file_changes()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var (bump, before) = (await fixture.PrepareAsync(), fixture.Everything());
        File.WriteAllText(Path.Join(fixture.Root, ".git", "index.lock"), "");

        var fault = await Assert.ThrowsAsync<EngineException>(() => bump.ApplyAsync(null, Token));

        File.Delete(Path.Join(fixture.Root, ".git", "index.lock"));
        Assert.StartsWith("Another git command is writing the index", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Everything());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_killed_half_way_is_brought_back_by_the_next(int written)
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var before = fixture.Everything();
        var journal = Path.Join(fixture.Root, WorkspaceChange.JournalName);
        var change = WorkspaceChange.Begin(
            fixture.Root,
            Superproject.Find(fixture.Root),
            ["pkgs/x/recipe.toml", "recipes.lock"],
            "pkgs/x/source"
        );
        (string, byte[])[] files = [("pkgs/x/recipe.toml", "half"u8.ToArray()), ("recipes.lock", "done"u8.ToArray())];
        change.Write(
            files[..written],
            new("pkgs/x/source", new string('1', 40), "https://elsewhere.org", IsImported: false)
        );
        // cat takes no lock; the journal of a process that is gone has none either.
        await CliWrap.Cli.Wrap("cp").WithArguments([journal, fixture.Beside("journal")]).ExecuteAsync(Token);
        change.Keep();
        File.Move(fixture.Beside("journal"), journal);
        Assert.NotEqual(before, fixture.Everything());

        Assert.True(Bumper.Recover(fixture.Root));

        Assert.Equal(before, fixture.Everything());
        Assert.False(Bumper.Recover(fixture.Root));
    }

    [Fact]
    public async Task A_journal_that_was_not_finished_means_that_nothing_was_changed()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        fixture.Write(WorkspaceChange.JournalName, "{\"Files\":[");

        Assert.False(Bumper.Recover(fixture.Root));
        Assert.False(File.Exists(Path.Join(fixture.Root, WorkspaceChange.JournalName)));
    }

    [Fact]
    public async Task Two_bumps_at_once_do_not_mix()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var bump = await fixture.PrepareAsync();
        var before = fixture.Everything();
        var other = WorkspaceChange.Begin(fixture.Root, null, ["recipes.lock"], "pkgs/x/source");

        Assert.Contains(
            "Another command is changing this workspace",
            (await Assert.ThrowsAsync<EngineException>(() => bump.ApplyAsync(null, Token))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Another command is changing this workspace",
            Assert.Throws<EngineException>(() => Bumper.Recover(fixture.Root)).Message,
            StringComparison.Ordinal
        );
        other.Keep();
        Assert.Equal(before, fixture.Everything());
        await bump.ApplyAsync(null, Token);
    }

    [Fact]
    public async Task What_a_person_edits_meanwhile_is_not_overwritten()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var bump = await fixture.PrepareAsync();
        fixture.Write("pkgs/x/recipe.toml", fixture.Read("pkgs/x/recipe.toml") + "# mine\n");
        var before = fixture.Everything();

        var fault = await Assert.ThrowsAsync<EngineException>(() => bump.ApplyAsync(null, Token));

        Assert.StartsWith(
            "pkgs/x/recipe.toml has changed since the bump began; nothing was changed.",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, fixture.Everything());
    }

    [Fact]
    public async Task Without_a_repository_recipe_and_lock_move_and_a_commit_is_refused()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        Directory.Delete(Path.Join(fixture.Root, ".git"), recursive: true);
        File.Delete(Path.Join(fixture.Root, ".gitmodules"));
        var bump = await fixture.PrepareAsync();

        Assert.EndsWith(
            "is in no git repository, so that nothing can be committed; do not commit",
            (await Assert.ThrowsAsync<EngineException>(() => bump.ApplyAsync("x", Token))).Message,
            StringComparison.Ordinal
        );
        await bump.ApplyAsync(null, Token);

        Assert.Equal(("1.1", "1.1"), (fixture.Load().Recipes["x"].Version, fixture.ReadLock().Sources["x"].Version));
        Assert.False(File.Exists(Path.Join(fixture.Root, ".gitmodules")));
    }

    [Fact]
    public async Task It_works_in_a_linked_worktree()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var tree = fixture.Beside("a worktree");
        fixture.Git.Run("worktree", "add", "--quiet", "-b", "tree", tree);
        File.Copy(Path.Join(fixture.Root, "pkgs/x/x-1.1.tar"), Path.Join(tree, "pkgs/x/x-1.1.tar"), overwrite: true);
        var main = fixture.Everything();

        await (await fixture.PrepareAsync(root: tree)).ApplyAsync("Bump x", Token);

        var judge = new GitJudge(tree);
        Assert.Equal("pkgs/x/recipe.toml\npkgs/x/source\nrecipes.lock", judge.Run("show", "--format=", "--name-only"));
        Assert.Equal("", judge.Run("status", "--porcelain"));
        Assert.Equal(main, fixture.Everything());
    }

    [Fact]
    public async Task A_workspace_may_be_a_folder_of_the_repository()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var outer = GitJudge.Init(fixture.Beside("outer"));
        var inner = Path.Join(outer.Folder, "the inner");
        await CliWrap.Cli.Wrap("cp").WithArguments(["-r", fixture.Root, inner]).ExecuteAsync(Token);
        Directory.Delete(Path.Join(inner, ".git"), recursive: true);
        Directory.Delete(Path.Join(inner, "pkgs/x/source"), recursive: true);
        File.Delete(Path.Join(inner, ".gitmodules"));
        outer.Run("config", "user.name", "x");
        outer.Run("config", "user.email", "x@localhost");
        outer.CommitAll();
        Superproject
            .Find(inner)!
            .Update(
                [
                    Submodule.Of(
                        Workspace.Load(inner, TestContext.Current.CancellationToken).RequireSource("x"),
                        fixture.ReadLock().Sources["x"]
                    ),
                ],
                []
            );
        outer.Run("commit", "--quiet", "-m", "gitlink");

        await (await fixture.PrepareAsync(root: inner)).ApplyAsync("Bump x", Token);

        Assert.Equal(
            "the inner/pkgs/x/recipe.toml\nthe inner/pkgs/x/source\nthe inner/recipes.lock",
            outer.Run("show", "--format=", "--name-only")
        );
        Assert.Equal("", outer.Run("status", "--porcelain"));
    }
}
