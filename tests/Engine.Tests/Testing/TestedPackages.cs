using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Testing;
using Recipes.Engine.Tests.Images;
using Recipes.Engine.Tests.Workspaces;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Tests.Testing;

/// <summary>Recipes in a workspace, and what was built of them.</summary>
internal sealed class TestedPackages : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly TestWorkspace test = new();
    private readonly List<string> built = [];

    public TestedPackages()
    {
        Store = ContentStore.Open(folder.Join("store"));
        Packages = new(Store);
    }

    public ContentStore Store { get; }

    public FakePackages Packages { get; }

    /// <summary>Writes a recipe with a test.</summary>
    public void Recipe(string name, string test = "script = \"true\"", string build = "", string more = "") =>
        this.test.Add(
            name == "cc" ? $"toolchain/{name}" : $"pkgs/{name}",
            $"version = \"1\"\nlicense = \"MIT\"\nsummary = \"x\"\n[build]\nsystem = \"none\"\n"
                + (name == "cc" ? "base = \"seed\"\n" : "")
                + $"{build}\n{more}\n[test]\n{test}\n"
        );

    public void Image(string name, string image, string test = "script = \"true\"") =>
        this.test.Add(
            $"pkgs/{name}",
            $"version = \"1\"\nlicense = \"MIT\"\nsummary = \"x\"\n[image]\n{image}\n[test]\n{test}\n"
        );

    /// <summary>Notes outputs as built.</summary>
    public void Built(string name, params (string Output, string Files, Engine.Inspection.FileScan[] Scans)[] outputs)
    {
        if (!built.Contains(name))
            built.Add(name);
        Packages.Add(name, outputs);
    }

    public void Built(string name, string files, params Engine.Inspection.FileScan[] scans) =>
        Built(name, ("main", files, scans));

    public Digest Tree(string name, string output = "main") => Packages.Find(name)!.Outputs[output].Tree;

    public Workspace Load()
    {
        var workspace = test.Load();
        Xunit.Assert.Empty(workspace.Diagnostics.Select(x => x.ToString()));
        return workspace;
    }

    public TestedRecipe Tested(string name) => Load().RequireTest(name);

    public TestRoot Root(string name) => TestRoot.Of(Tested(name), Load(), Results(), Store);

    public TestRoot ImageRoot(string name, Digest root) =>
        TestRoot.OfImage(Tested(name), root, Load(), Results(), Store);

    public void Dispose()
    {
        test.Dispose();
        folder.Dispose();
    }

    private Dictionary<string, BuiltPackage> Results() => built.ToDictionary(x => x, x => Packages.Find(x)!);
}
