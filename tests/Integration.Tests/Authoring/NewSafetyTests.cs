using Recipes.Engine;
using Recipes.Engine.Authoring;
using Recipes.Engine.Bumping;
using Recipes.Engine.Sources.Git;
using Recipes.Integration.Tests.Bumping;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Authoring;

/// <summary>A new recipe is there with its pin and its gitlink, or nothing of it is.</summary>
public sealed class NewSafetyTests : IDisposable
{
    private static readonly NewRequest Request = new() { Name = "y", Archive = "file:///nowhere/y-1.0.tar" };
    private readonly BumpFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Recipe_lock_and_gitlink_are_written_together_and_nothing_else()
    {
        await BeginAsync();
        var lockBefore = fixture.LockText;

        var prepared = await PrepareAsync();
        Assert.Equal(lockBefore, fixture.LockText);
        Assert.False(Directory.Exists(Path.Join(fixture.Root, "pkgs", "y")));
        Assert.True(prepared.Apply(Token));

        Assert.Equal(prepared.Text, fixture.Read("pkgs/y/recipe.toml"));
        Assert.Equal(prepared.Pin.Commit, fixture.Gitlink("pkgs/y/source"));
        Assert.Equal(prepared.Pin.Commit, fixture.ReadLock().Sources["y"].Commit);
        Assert.Equal(
            "M  .gitmodules\nA  pkgs/y/source\n M recipes.lock\n?? pkgs/y/recipe.toml",
            fixture.Git.Run("status", "--porcelain")
        );
        Assert.False(File.Exists(Path.Join(fixture.Root, WorkspaceChange.JournalName)));
    }

    [Fact]
    public async Task A_tag_of_a_repository_is_pinned_at_upstreams_own_commit()
    {
        await BeginAsync();
        var upstream = GitJudge.Init(fixture.Beside("upstream"));
        upstream.Run("config", "user.name", "Upstream");
        upstream.Run("config", "user.email", "upstream@localhost");
        await File.WriteAllTextAsync(Path.Join(fixture.Beside("upstream"), "Makefile"), "install:\n", Token);
        upstream.Run("add", "--all");
        upstream.Run("commit", "--quiet", "-m", "One");
        upstream.Run("tag", "v2.5");

        using var author = NewAuthor();
        var url = new Uri(fixture.Beside("upstream")).AbsoluteUri;
        var request = new NewRequest
        {
            Name = "y",
            Git = url,
            Tag = "v2.5",
        };
        var prepared = await author.PrepareAsync(
            Author.Begin(fixture.Root, request),
            fixture.ReadLock(),
            request,
            Token
        );
        prepared.Apply(Token);

        Assert.Equal(upstream.Run("rev-parse", "HEAD"), fixture.Gitlink("pkgs/y/source"));
        Assert.Contains("version = \"2.5\"\n", prepared.Text, StringComparison.Ordinal);
        Assert.Contains(
            $"\n[source]\ngit = \"{url}\"\ntag = \"v{{version}}\"\n",
            prepared.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_undoes_what_was_written_before_it()
    {
        await BeginAsync();
        var prepared = await PrepareAsync(withImage: true);
        // The image comes last, after the gitlink, the recipe and the lock; a folder stands in its place.
        Directory.CreateDirectory(Path.Join(fixture.Root, "pkgs", "y-image", "recipe.toml"));
        var before = fixture.Everything();

        var fault = Assert.Throws<EngineException>(() => prepared.Apply(Token));

        Assert.Contains("y-image/recipe.toml' cannot be written: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Everything());
        Assert.False(Directory.Exists(Path.Join(fixture.Root, "pkgs", "y")));
    }

    [Fact]
    public async Task A_locked_index_stops_it_before_any_file_is_written()
    {
        await BeginAsync();
        var (prepared, before) = (await PrepareAsync(), fixture.Everything());
        await File.WriteAllTextAsync(Path.Join(fixture.Root, ".git", "index.lock"), "", Token);

        var fault = Assert.Throws<EngineException>(() => prepared.Apply(Token));

        File.Delete(Path.Join(fixture.Root, ".git", "index.lock"));
        Assert.StartsWith("Another git command is writing the index", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Everything());
    }

    [Fact]
    public async Task An_interruption_before_writing_leaves_everything_as_it_was()
    {
        await BeginAsync();
        var (prepared, before) = (await PrepareAsync(), fixture.Everything());
        using var interruption = new CancellationTokenSource();
        await interruption.CancelAsync();

        Assert.Throws<OperationCanceledException>(() => prepared.Apply(interruption.Token));

        Assert.Equal(before, fixture.Everything());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_killed_half_way_is_brought_back_by_the_next(int written)
    {
        await BeginAsync();
        var before = fixture.Everything();
        var journal = Path.Join(fixture.Root, WorkspaceChange.JournalName);
        var change = WorkspaceChange.Begin(
            fixture.Root,
            Superproject.Find(fixture.Root),
            ["pkgs/y/recipe.toml", "recipes.lock"],
            "pkgs/y/source"
        );
        (string, byte[])[] files = [("pkgs/y/recipe.toml", "half"u8.ToArray()), ("recipes.lock", "done"u8.ToArray())];
        change.Write(files[..written], new("pkgs/y/source", new string('1', 40), "https://y.org", IsImported: true));
        // The journal of a process that is gone has no lock; cp takes none either.
        await CliWrap.Cli.Wrap("cp").WithArguments([journal, fixture.Beside("journal")]).ExecuteAsync(Token);
        change.Keep();
        File.Move(fixture.Beside("journal"), journal);

        Assert.True(Bumper.Recover(fixture.Root));

        Assert.Equal(before, fixture.Everything());
        Assert.False(File.Exists(Path.Join(fixture.Root, "pkgs", "y", "recipe.toml")));
    }

    [Fact]
    public async Task What_is_written_meanwhile_is_not_overwritten()
    {
        await BeginAsync();
        var prepared = await PrepareAsync();
        fixture.Write("pkgs/y/recipe.toml", "mine\n");
        var before = fixture.Everything();

        Assert.Equal(
            "pkgs/y/recipe.toml was written meanwhile; nothing was changed",
            Assert.Throws<EngineException>(() => prepared.Apply(Token)).Message
        );

        // The file of another is not a leftover.
        Assert.Equal(before, fixture.Everything());
    }

    [Fact]
    public async Task A_lock_that_changed_meanwhile_stops_it()
    {
        await BeginAsync();
        var prepared = await PrepareAsync();
        fixture.Write("recipes.lock", fixture.LockText.Replace("1.0", "1.1", StringComparison.Ordinal));
        var before = fixture.Everything();

        Assert.StartsWith(
            "recipes.lock was changed meanwhile; nothing was changed.",
            Assert.Throws<EngineException>(() => prepared.Apply(Token)).Message,
            StringComparison.Ordinal
        );

        Assert.Equal(before, fixture.Everything());
    }

    [Fact]
    public void A_request_with_a_fault_is_refused_by_the_engine_too() =>
        Assert.Equal(
            "a recipe has one source: name an archive, a git repository and a tag, or a source package of Debian",
            Assert.Throws<EngineException>(() => Author.Begin(fixture.Root, new() { Name = "y" })).Message
        );

    /// <summary>A workspace with a source, and an archive beside it.</summary>
    private async Task BeginAsync()
    {
        fixture.SmallSource();
        await File.WriteAllBytesAsync(
            fixture.Beside("y-1.0.tar"),
            new TarBuilder().File("y-1.0/Makefile", "install:\n").ToTar(),
            Token
        );
        await fixture.CommitAsync();
        // What packages are built from is only read here, never locked.
        fixture.Write(
            "stage0/debian/recipe.toml",
            "name = \"debian\"\n[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]\n"
        );
        fixture.Write(
            "toolchain/toolchain/recipe.toml",
            "name = \"toolchain\"\nversion = \"1\"\n[build]\nbase = \"debian\"\nsystem = \"none\"\n"
        );
        fixture.Git.CommitAll("Add a toolchain");
    }

    private Author NewAuthor() => new(fixture.Store, SilentObserver.Instance, SourceFixture.Patient, fixture.Sites);

    private async Task<PreparedRecipe> PrepareAsync(bool withImage = false)
    {
        using var author = NewAuthor();
        var request = Request with
        {
            Archive = new Uri(fixture.Beside("y-1.0.tar")).AbsoluteUri,
            WithImage = withImage,
        };
        return await author.PrepareAsync(Author.Begin(fixture.Root, request), fixture.ReadLock(), request, Token);
    }
}
