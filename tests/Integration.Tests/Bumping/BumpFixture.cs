using Recipes.Engine.Bumping;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Bumping;

/// <summary>
/// A workspace in a real git repository, whose sources are archives beside the recipes or repositories beside the
/// workspace.
/// </summary>
internal sealed class BumpFixture : IDisposable
{
    private readonly SourceFixture sources = new() { Options = SourceFixture.Patient with { AcceptsUnsigned = true } };

    public BumpFixture()
    {
        Git = GitJudge.Init(Root);
        Git.Run("config", "user.name", "A Maintainer");
        Git.Run("config", "user.email", "maintainer@localhost");
        Git.Run("config", "commit.gpgSign", "false");
    }

    public string Root => sources.Folder.Join("work space");

    public GitJudge Git { get; }

    public ContentStore Store => sources.Store;

    public FakeSites Sites => sources.Sites;

    public string LockText => File.ReadAllText(Path.Join(Root, "recipes.lock"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A folder beside the workspace.</summary>
    public string Beside(string name) => sources.Folder.Join(name);

    public string Write(string file, string text) => sources.Folder.Write(Path.Join("work space", file), text);

    public string Read(string file) => File.ReadAllText(Path.Join(Root, file));

    /// <summary>Writes a recipe in <c>pkgs/</c>; without a source unless one is given.</summary>
    public void Recipe(string name, string version, string source, string more = "") =>
        Write(
            $"pkgs/{name}/recipe.toml",
            $"name = \"{name}\"\nversion   = \"{version}\" # the version\nsummary = \"x\"\nlicense = "
                + $"\"MIT\"\nhomepage = \"https://x.org\"\n\n[source]\n{source}\n{more}"
        );

    /// <summary>Writes an archive into the folder of a recipe.</summary>
    public string Archive(string recipe, string file, TarBuilder content)
    {
        var path = Path.Join(Root, "pkgs", recipe, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content.ToTar());
        return path;
    }

    /// <summary>The recipe <c>x</c> at 1.0 with an archive that lies beside it.</summary>
    public void SmallSource(string more = "")
    {
        Recipe("x", "1.0", "archive = \"file:x-{version}.tar\"", more);
        Archive(
            "x",
            "x-1.0.tar",
            new TarBuilder()
                .File("x-1.0/LICENSE", "MIT 2024\n")
                .File("x-1.0/a.c", "one\ntwo\nthree\nfour\nfive\n")
                .File("x-1.0/old.c", "old\n")
        );
        Archive(
            "x",
            "x-1.1.tar",
            new TarBuilder()
                .File("x-1.1/LICENSE", "MIT 2025\n")
                .File("x-1.1/a.c", "one\n2\nthree\nfour\nfive\nsix\n")
                .File("x-1.1/new.c", "n\nn\n")
        );
    }

    /// <summary>Locks and commits everything.</summary>
    public async Task CommitAsync()
    {
        var workspace = Load();
        using var locker = sources.NewLocker();
        var result = await locker.LockAsync(workspace.Recipes.Values, ReadLock(), Token);
        Assert.Empty(result.Failures);
        result.Lock.Write(workspace.LockPath);
        PinnedSubmodules.Write(Superproject.Find(Root)!, workspace.Recipes.Values, result.Lock);
        Git.Run("add", "--all");
        Git.Run("commit", "--quiet", "-m", "Begin");
    }

    public Workspace Load(string? root = null)
    {
        var workspace = Workspace.Load(root ?? Root);
        Assert.Empty(workspace.Diagnostics.Select(x => x.ToString()));
        return workspace;
    }

    public LockFile ReadLock(string? root = null) => LockFile.Read(Path.Join(root ?? Root, "recipes.lock"));

    public Bumper NewBumper(bool isStrict = false) =>
        new(Store, sources.Events, sources.Options with { AcceptsUnsigned = !isStrict }, sources.Sites);

    public async Task<PreparedBump?> TryPrepareAsync(BumpRequest request, string? root = null)
    {
        using var bumper = NewBumper();
        return await bumper.PrepareAsync(RecipeGraph.Create(Load(root)), ReadLock(root), request, Token);
    }

    public async Task<PreparedBump> PrepareAsync(string? version = null, string? root = null)
    {
        var bump = await TryPrepareAsync(new() { Recipe = "x", Version = version }, root);
        Assert.NotNull(bump);
        return bump;
    }

    /// <summary>The gitlink of a source in the index.</summary>
    public string Gitlink(string path = "pkgs/x/source") => Git.Run("ls-files", "--stage", "--", path).Split(' ')[1];

    /// <summary>Everything that a bump may change: the index, and the text of all files but those of git.</summary>
    public string Everything()
    {
        var files = Directory
            .EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Where(x => !x.Contains("/.git/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(x => $"{x} {Digest.OfFile(x)}");
        return Git.Run("ls-files", "--stage") + "\n" + Git.Run("rev-parse", "HEAD") + "\n" + string.Join('\n', files);
    }

    public void Dispose() => sources.Dispose();
}
