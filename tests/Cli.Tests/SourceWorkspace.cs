namespace Recipes.Cli.Tests;

/// <summary>A workspace with one recipe whose archive lies beside it: locked and fetched without any network.</summary>
public sealed class SourceWorkspace : IDisposable
{
    private readonly WorkspaceFolder folder = new();

    public SourceWorkspace() => WordsSource.Write(folder);

    public string Path => folder.Root;

    public string Lock => folder.Path("recipes.lock");

    public void WriteArchive(string text, string version = "1") => WordsSource.WriteArchive(folder, text, version);

    public string Read(string file) => folder.Read(file);

    public void Write(string file, string text) => folder.Write(file, text);

    public Task<CliRun> RunAsync(params string[] arguments) =>
        CliRun.InAsync(Path, [.. arguments, "--store", folder.Store]);

    public Task<ProgramRun> RunProcessAsync(params string[] arguments) =>
        ProgramRun.OfCliAsync(Path, [.. arguments, "--store", folder.Store]);

    public void Dispose() => folder.Dispose();
}
