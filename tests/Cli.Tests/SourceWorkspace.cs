namespace Recipes.Cli.Tests;

/// <summary>A workspace with one recipe whose archive lies beside it: locked and fetched without any network.</summary>
public sealed class SourceWorkspace : IDisposable
{
    private readonly WorkspaceFolder folder = new();

    public SourceWorkspace()
    {
        WriteArchive("one\n");
        folder.WriteRecipe(
            "pkgs/words",
            """
            version = "1"
            summary = "Some words"
            license = "CC0-1.0"
            [source]
            archive = "file:words-{version}.tar.gz"
            """
        );
    }

    public string Path => folder.Root;

    public string Lock => folder.Path("recipes.lock");

    public void WriteArchive(string text, string version = "1") =>
        folder.WriteBytes(
            $"pkgs/words/words-{version}.tar.gz",
            new TarBuilder().File($"words-{version}/words.txt", text).ToGzip()
        );

    public string Read(string file) => folder.Read(file);

    public void Write(string file, string text) => folder.Write(file, text);

    public Task<CliRun> RunAsync(params string[] arguments) =>
        CliRun.InAsync(Path, [.. arguments, "--store", folder.Store]);

    public Task<CliRun> RunProcessAsync(params string[] arguments) =>
        ProgramRun.OfCliAsync(Path, [.. arguments, "--store", folder.Store]);

    public void Dispose() => folder.Dispose();
}
