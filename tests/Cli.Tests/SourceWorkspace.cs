using System.Formats.Tar;
using System.IO.Compression;

namespace Recipes.Cli.Tests;

/// <summary>A workspace with one recipe whose archive lies beside it: locked and fetched without any network.</summary>
public sealed class SourceWorkspace : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SourceWorkspace()
    {
        WriteArchive("one\n");
        folder.Write(
            "work space/pkgs/words/recipe.toml",
            """
            name = "words"
            version = "1"
            summary = "Some words"
            license = "CC0-1.0"
            [source]
            archive = "file:words-{version}.tar.gz"

            """
        );
    }

    public string Path => folder.Join("work space");

    public string Lock => folder.Join("work space", "recipes.lock");

    public void WriteArchive(string text, string version = "1")
    {
        var content = folder.Write($"content/words-{version}/words.txt", text);
        using var file = File.Create(folder.Join("words.tar.gz"));
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            TarFile.CreateFromDirectory(folder.Join("content"), gzip, includeBaseDirectory: false);
        Directory.CreateDirectory(folder.Join("work space", "pkgs", "words"));
        file.Dispose();
        File.Copy(
            folder.Join("words.tar.gz"),
            folder.Join("work space", "pkgs", "words", $"words-{version}.tar.gz"),
            overwrite: true
        );
        Directory.Delete(System.IO.Path.GetDirectoryName(content)!, recursive: true);
    }

    public string Read(string file) => File.ReadAllText(System.IO.Path.Join(Path, file));

    public void Write(string file, string text) => folder.Write("work space/" + file, text);

    public Task<CliRun> RunAsync(params string[] arguments) =>
        CliRun.InAsync(Path, [.. arguments, "--store", folder.Join("store")]);

    public Task<CliRun> RunProcessAsync(params string[] arguments) =>
        ProgramRun.OfCliAsync(Path, [.. arguments, "--store", folder.Join("store")]);

    public void Dispose() => folder.Dispose();
}
