using System.Collections.Concurrent;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Workspaces;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Building;

/// <summary>A workspace whose seed is the host's static BusyBox, and whose packages are shell scripts.</summary>
internal sealed class TinyWorkspace : IDisposable, IEngineObserver, ISourceTrees
{
    private readonly SandboxFixture fixture;
    private readonly ConcurrentDictionary<string, Digest> sources = new();

    public TinyWorkspace(SandboxFixture? fixture = null)
    {
        this.fixture = fixture ?? new();
        Store = this.fixture.Store;
        Store.Observer = this;
        Write("stage0/seed", "name = \"seed\"\n[seed]\nsuite = \"bookworm\"\npackages = [\"busybox-static\"]\n");
        Write(
            "toolchain/toolchain",
            """
            name = "toolchain"
            version = "1"
            [build]
            base = "seed"
            system = "none"
            strip = false
            [build.steps]
            install = "mkdir -p /stage/usr; cp -a /usr/bin /stage/usr/; ln -s usr/bin /stage/bin"
            [[waivers]]
            check = "seed-trace"
            path = "**"
            reason = "The test's toolchain is the host's BusyBox."
            [[waivers]]
            check = "location"
            path = "bin"
            reason = "The link of the merged root."
            """
        );
    }

    public string Root => Path.Join(fixture.Folder, "workspace");

    public ContentStore Store { get; private set; }

    public ISandbox Sandbox => fixture.Sandbox;

    public ConcurrentQueue<EngineEvent> Events { get; } = [];

    /// <summary>Writes a package whose install step is this script.</summary>
    public void Package(string name, string install, string needs = "", string more = "") =>
        Write(
            "pkgs/" + name,
            $"""
            name = "{name}"
            version = "1"
            [build]
            system = "none"
            strip = false
            needs = [{string.Join(
                ", ",
                needs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(x => $"\"{x}\"")
            )}]
            [build.steps]
            install = '''
            {install}
            '''
            {more}
            """
        );

    public void Write(string folder, string recipe)
    {
        Directory.CreateDirectory(Path.Join(Root, folder));
        File.WriteAllText(Path.Join(Root, folder, "recipe.toml"), recipe);
    }

    public Workspace Load()
    {
        var workspace = Workspace.Load(Root);
        Assert.Empty(workspace.Diagnostics.Select(x => x.ToString()));
        return workspace;
    }

    /// <summary>Where builds run, if not in bubblewrap.</summary>
    public Func<ContentStore, ISandbox>? MakeSandbox { get; init; }

    public async Task<BuildReport> BuildAsync(
        string[] targets,
        BuildOptions? options = null,
        CancellationToken? cancellation = null
    )
    {
        Events.Clear();
        var workspace = Load();
        var builder = new Builder(
            RecipeGraph.Create(workspace),
            Store,
            MakeSandbox?.Invoke(Store) ?? new BubblewrapSandbox(Store),
            this,
            this
        );
        return await builder.BuildAsync(
            targets,
            options ?? new(),
            cancellation ?? TestContext.Current.CancellationToken
        );
    }

    /// <summary>The text of a file in the output <c>main</c> of a package.</summary>
    public string Read(BuildReport report, string package, string path)
    {
        var result = report.Outcomes[package].Result;
        Assert.True(
            result is not null,
            $"{package} {report.Outcomes[package].State}: {report.Outcomes[package].Failure}"
        );
        return File.ReadAllText(Path.Join(Store.TreePath(result.Outputs["main"].Tree), path));
    }

    /// <summary>Makes the tree that a recipe pins.</summary>
    public Digest Pin(string recipe, Action<string> fill) => sources[recipe] = fixture.AddTree(fill);

    public Digest PinnedTree(Recipe recipe) =>
        recipe is SeedRecipe
            ? fixture.Root
            : sources.GetOrAdd(recipe.Name, _ => fixture.AddTree(("README", recipe.Name)));

    public Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken)
    {
        if (recipe is not SeedRecipe && !Store.HasTree(PinnedTree(recipe)))
            fixture.AddTree(("README", recipe.Name));
        return Task.CompletedTask;
    }

    public long ArchiveBytes(Recipe recipe) => 0;

    public void On(EngineEvent happened) => Events.Enqueue(happened);

    /// <summary>What is built, as a question sees it.</summary>
    public BuiltPackages Standing() =>
        new(RecipeGraph.Create(Load()), Store, this, names: null, TestContext.Current.CancellationToken);

    /// <summary>As another process would come to the store, which verified nothing yet.</summary>
    /// <param name="root">Another way to the store, or null.</param>
    public void Forget(string? root = null) => Store = ContentStore.Open(root ?? Store.Root, this);

    /// <summary>Fills the file system but for some kilobytes; null to free it again.</summary>
    public void Fill(int? leaving)
    {
        var filler = Path.Join(fixture.Folder, "filler");
        File.Delete(filler);
        if (leaving is not { } kilobytes)
            return;
        using var file = File.Create(filler);
        var rest = new DriveInfo(fixture.Folder).AvailableFreeSpace - (1024L * kilobytes);
        for (var block = new byte[4096]; rest > 0; rest -= block.Length)
            file.Write(block);
    }

    public void Dispose() => fixture.Dispose();
}
