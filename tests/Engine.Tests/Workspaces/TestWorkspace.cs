using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>A workspace in a temporary folder, with a package <c>toolchain</c> to build from.</summary>
internal sealed class TestWorkspace : IDisposable
{
    private readonly WorkspaceFolder folder = new();

    public TestWorkspace()
    {
        RepositorySystems.Write(folder.Root);
        Add("toolchain/toolchain", "[build]\nbase = \"seed\"\nsystem = \"none\"\n")
            .Add("stage0/seed", "[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]\n");
    }

    public string Root => folder.Root;

    /// <param name="place">Such as <c>pkgs/zlib</c>.</param>
    /// <param name="text">The recipe without its name.</param>
    public TestWorkspace Add(string place, string text)
    {
        folder.WriteRecipe(place, text);
        return this;
    }

    /// <summary>A package with these further lines in <c>[build]</c> and below.</summary>
    public TestWorkspace Package(string name, string text = "") =>
        Add($"pkgs/{name}", $"[build]\nsystem = \"none\"\n{text}\n");

    public TestWorkspace Write(string path, string text)
    {
        folder.Write(path, text);
        return this;
    }

    /// <summary>A build system <c>mine</c>.</summary>
    public TestWorkspace System(string text) => Write("systems/mine.toml", text + "\n");

    public Workspace Load() => Workspace.Load(Root);

    /// <summary>The first lines of all faults.</summary>
    public IEnumerable<string> Faults() => Load().Diagnostics.Select(x => x.ToString().Split('\n')[0]);

    public void Dispose() => folder.Dispose();
}
