using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Inspection.Checks;

namespace Recipes.Engine.Tests.Inspection;

/// <summary>Some files as outputs of a package, in a store of their own.</summary>
internal sealed class InspectedFolder : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly ContentStore store;

    public InspectedFolder() => store = ContentStore.Open(folder.Join("store"));

    public CheckedOutput Output(params (string Path, byte[] Bytes)[] files) => Output("main", files);

    public CheckedOutput Output(string name, params (string Path, byte[] Bytes)[] files) => Output(name, root =>
        {
            foreach (var (path, bytes) in files)
            {
                var file = Path.Join(root, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllBytes(file, bytes);
                if (path.Contains("/bin/", StringComparison.Ordinal))
                    File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
            }
        });

    public CheckedOutput Output(string name, Action<string> fill)
    {
        using var scratch = store.CreateScratch("output");
        var root = Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        fill(root);
        var tree = store.AddTree(root);
        var directory = store.TreePath(tree.Digest);
        return new(name, tree, directory, OutputScanner.Scan(tree, directory));
    }

    public void Dispose() => folder.Dispose();
}
