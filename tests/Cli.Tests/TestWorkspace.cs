namespace Recipes.Cli.Tests;

/// <summary>A small workspace: a seed, two packages and an image.</summary>
public sealed class TestWorkspace : IDisposable
{
    private readonly WorkspaceFolder folder = new();

    public TestWorkspace() => SampleRecipes.Write(folder);

    public string Path => folder.Root;

    public string Store => folder.Store;

    public string WriteRecipe(string place, string rest) =>
        folder.WriteRecipe(place, $"summary = \"For tests\"\n{rest}");

    public string Write(string relative, string content) => folder.Write(relative, content);

    public Task<CliRun> RunAsync(params string[] arguments) => CliRun.InAsync(Path, [.. arguments, "--store", Store]);

    public void Dispose() => folder.Dispose();
}
