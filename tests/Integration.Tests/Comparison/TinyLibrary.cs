using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Xunit;

namespace Recipes.Integration.Tests.Comparison;

/// <summary>C libraries and programs, compiled by the host's compiler into trees of a store.</summary>
internal sealed class TinyLibrary : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public TinyLibrary() => Store = ContentStore.Open(folder.Join("store"));

    public ContentStore Store { get; }

    /// <summary>A library with these functions, as <c>usr/lib/FILE</c> with a soname.</summary>
    public async Task<FileListing> LibraryAsync(string soname, string file, params string[] functions)
    {
        var source = string.Concat(functions.Select(x => $"int {x}(void) {{ return 1; }}\n"));
        var path = await CompileAsync($"lib/{file}", source, "-shared", "-fPIC", "-nostdlib", $"-Wl,-soname,{soname}");
        return Listing($"usr/lib/{file}", path);
    }

    /// <summary>A program linked to libraries that calls these functions.</summary>
    public async Task<Dependent> ProgramAsync(string owner, string path, string[] libraries, params string[] functions)
    {
        var source = string.Concat(functions.Select(x => $"int {x}(void);\n"));
        source += $"int run(void) {{ return {string.Join(" + ", functions.Select(x => x + "()"))}; }}\n";
        var all = libraries.Select(x => folder.Join("lib", x)).ToArray();
        var file = await CompileAsync(
            owner,
            source,
            ["-shared", "-fPIC", "-nostdlib", "-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined", .. all]
        );
        var (listing, scan) = Add(path, file);
        return new(owner, listing, scan);
    }

    public static FileListing Together(params FileListing[] parts) =>
        new(
            parts.SelectMany(x => x.Files.Values).DistinctBy(x => x.Path),
            path => parts.First(x => x.Files.ContainsKey(path)).Elf(path),
            path => parts.First(x => x.Files.ContainsKey(path)).Text(path)
        );

    public void Dispose() => folder.Dispose();

    private FileListing Listing(string path, string file) => Add(path, file).Listing;

    private (FileListing Listing, OutputScan Scan) Add(string path, string file)
    {
        using var scratch = Store.CreateScratch("library");
        var root = Path.Join(scratch.Path, "tree");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(root, path))!);
        File.Copy(file, Path.Join(root, path));
        var tree = Store.AddTree(root);
        return (FileListing.OfTree(tree.Digest, Store), OutputScanner.Scan(tree, Store.TreePath(tree.Digest)));
    }

    private async Task<string> CompileAsync(string name, string source, params string[] arguments)
    {
        var output = folder.Join(name);
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        await File.WriteAllTextAsync(output + ".c", source, TestContext.Current.CancellationToken);
        await CliWrap
            .Cli.Wrap("gcc")
            .WithArguments([output + ".c", .. arguments, "-o", output])
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
