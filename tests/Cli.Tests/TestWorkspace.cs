namespace Recipes.Cli.Tests;

/// <summary>A small workspace: a seed, two packages and an image.</summary>
public sealed class TestWorkspace : IDisposable
{
    private readonly WorkspaceFolder folder = new();

    public TestWorkspace()
    {
        WriteRecipe("stage0/debian", "[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]");
        WriteRecipe(
            "toolchain/toolchain",
            "version = \"1\"\nlicense = \"MIT\"\n[build]\nbase = \"debian\"\nsystem = \"none\""
        );
        WriteRecipe(
            "pkgs/zlib",
            """
            version = "1.3.1"
            license = "Zlib"
            [source]
            archive = "https://zlib.net/fossils/zlib-{version}.tar.gz"
            [build]
            system = "autotools"
            """
        );
        WriteRecipe("pkgs/tool", "version = \"2\"\nlicense = \"MIT\"\n[build]\nsystem = \"make\"\nneeds = [\"zlib\"]");
        WriteRecipe("pkgs/tool-image", "version-from = \"tool\"\n[image]\ninclude = [\"tool\"]");
    }

    public string Path => folder.Root;

    public string Store => folder.Store;

    public string WriteRecipe(string place, string rest) =>
        folder.WriteRecipe(place, $"summary = \"For tests\"\n{rest}");

    public string Write(string relative, string content) => folder.Write(relative, content);

    public Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(Path, [.. arguments, "--store", Store]);

    public void Dispose() => folder.Dispose();
}
