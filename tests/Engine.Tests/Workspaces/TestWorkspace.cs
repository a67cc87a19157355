using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>A workspace in a temporary folder, with a package <c>toolchain</c> to build from.</summary>
internal sealed class TestWorkspace : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TestWorkspace() =>
        Add("toolchain/toolchain", "[build]\nbase = \"seed\"\nsystem = \"none\"\n")
            .Add("stage0/seed", "[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]\n");

    public string Root => _directory.Path;

    /// <param name="folder">Such as <c>pkgs/zlib</c>.</param>
    /// <param name="text">The recipe without its name.</param>
    public TestWorkspace Add(string folder, string text) =>
        Write(
            $"{folder}/recipe.toml",
            $"name = \"{folder[(folder.IndexOf('/', StringComparison.Ordinal) + 1)..]}\"\n{text}"
        );

    /// <summary>A package with these further lines in <c>[build]</c> and below.</summary>
    public TestWorkspace Package(string name, string text = "") =>
        Add($"pkgs/{name}", $"[build]\nsystem = \"none\"\n{text}\n");

    public TestWorkspace Write(string path, string text)
    {
        _directory.Write(path, text);
        return this;
    }

    public Workspace Load() => Workspace.Load(Root);

    /// <summary>The first lines of all faults.</summary>
    public IEnumerable<string> Faults() => Load().Diagnostics.Select(x => x.ToString().Split('\n')[0]);

    public void Dispose() => _directory.Dispose();
}
