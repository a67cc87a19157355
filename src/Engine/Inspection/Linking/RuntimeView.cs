using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Inspection.Linking;

/// <summary>An output whose files are in a view.</summary>
/// <param name="Owner">Whose they are.</param>
/// <param name="Tree">The files.</param>
/// <param name="Scan">What they need.</param>
internal sealed record ViewedOutput<T>(T Owner, Tree Tree, OutputScan Scan);

/// <summary>
/// The files of some outputs laid over each other as a process sees them: the one place that answers where the kernel
/// finds an interpreter, and the dynamic linker a library (<see cref="LibrarySearch"/>).
/// </summary>
/// <param name="outputs">Where several have a path, the first counts. The list may grow.</param>
/// <param name="readText">Reads a text file of a tree.</param>
internal sealed class RuntimeView<T>(IReadOnlyList<ViewedOutput<T>> outputs, Func<Tree, string, string> readText)
    where T : notnull
{
    // Not a list, so that it sees outputs that are added.
    private readonly UnionView<T> union = new(outputs.Select(x => (x.Owner, x.Tree)));
    private readonly Dictionary<string, Located<T>?> known = new(StringComparer.Ordinal);
    private readonly Dictionary<(T Owner, string Path), FileScan> scans = [];
    private ImmutableArray<string> system = LibrarySearch.DefaultFolders;
    private ImmutableArray<string> gnu = [];
    private int counted = -1;

    /// <summary>The folders that the dynamic linker searches for the needs of a file.</summary>
    public IEnumerable<string> Folders(LoadedFile<T> by)
    {
        Refresh();
        return LibrarySearch.RunPaths(by).Concat(LibrarySearch.IsGnu(by) ? gnu : system);
    }

    /// <summary>The file that an absolute path leads to, over links too; or null.</summary>
    public Located<T>? Locate(string path) => union.Locate(path);

    /// <summary>The library that a need of a file leads to, or null.</summary>
    /// <param name="need">A <c>DT_NEEDED</c> entry.</param>
    /// <param name="by">The file in memory.</param>
    public Located<T>? Locate(string need, LoadedFile<T> by)
    {
        Refresh();
        if (need.Contains('/', StringComparison.Ordinal))
            return union.Locate(need);
        foreach (var folder in Folders(by))
        {
            if (InFolder(folder, need) is { } found)
                return found;
        }
        return LibrarySearch.IsLinkerItself(need) && !LibrarySearch.IsGnu(by) ? Linker() : null;
    }

    /// <summary>What a file needs that was located; null where it needs nothing and has no soname.</summary>
    public FileScan? ScanOf(Located<T> file)
    {
        Refresh();
        return scans.GetValueOrDefault((file.Owner, file.Path));
    }

    /// <summary>A file of this name or soname in any folder, or null; for messages.</summary>
    public (T Owner, string Path)? Elsewhere(string need)
    {
        var name = need[(need.LastIndexOf('/') + 1)..];
        foreach (var output in outputs)
        {
            var named = output
                .Tree.Walk()
                .FirstOrDefault(x => x.Kind != TreeEntryKind.Folder && x.Path[(x.Path.LastIndexOf('/') + 1)..] == name)
                ?.Path;
            if ((named ?? output.Scan.Files.FirstOrDefault(x => x.Soname == name)?.Path) is { } path)
                return (output.Owner, path);
        }
        return null;
    }

    // Most needs are libc.so in a folder of the system, and most roots have dozens of them.
    private Located<T>? InFolder(string folder, string need)
    {
        var path = $"{folder}/{need}";
        if (!known.TryGetValue(path, out var found))
            known[path] = found = union.Locate(path);
        return found;
    }

    private Located<T>? Linker()
    {
        foreach (var (_, tree, _) in outputs)
        {
            foreach (var folder in (string[])["lib", "usr/lib"])
            {
                if (LinkerFile(tree, folder, ".so.1") is { } path)
                    return union.Locate(path);
            }
        }
        return null;
    }

    private void Refresh()
    {
        if (counted == outputs.Count)
            return;
        known.Clear();
        foreach (var output in outputs.Skip(Math.Max(counted, 0)))
        {
            foreach (var file in output.Scan.Files)
                scans.TryAdd((output.Owner, file.Path), file);
        }
        counted = outputs.Count;
        system = ReadSystemPath();
        gnu = [.. outputs.SelectMany(x => GnuFolders(x.Tree)).Distinct(), "/lib64", "/usr/lib64", "/lib", "/usr/lib"];
    }

    private static IEnumerable<string> GnuFolders(Tree tree) =>
        from folder in (string[])["lib", "usr/lib"]
        from triple in Directory(tree, folder)?.Folders.Select(x => x.Name) ?? []
        where triple.Contains("-linux-gnu", StringComparison.Ordinal)
        from path in (string[])[$"/lib/{triple}", $"/usr/lib/{triple}"]
        select path;

    private ImmutableArray<string> ReadSystemPath()
    {
        foreach (var (_, tree, _) in outputs)
        {
            if (LinkerFile(tree, "etc", ".path") is { } path)
                return LibrarySearch.ParseSystemPath(readText(tree, path));
        }
        return LibrarySearch.DefaultFolders;
    }

    private static string? LinkerFile(Tree tree, string folder, string ending)
    {
        if (Directory(tree, folder) is not { } directory)
            return null;
        var names = directory.Files.Select(x => x.Name).Concat(directory.Links.Select(x => x.Name));
        return names
            .Where(x =>
                x.StartsWith("ld-musl-", StringComparison.Ordinal) && x.EndsWith(ending, StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal)
            .Select(x => $"{folder}/{x}")
            .FirstOrDefault();
    }

    private static TreeDirectory? Directory(Tree tree, string path)
    {
        var directory = tree.Root;
        foreach (var segment in path.Split('/'))
        {
            if (directory.Folders.FirstOrDefault(x => x.Name == segment) is not { } next)
                return null;
            directory = tree.Directory(next);
        }
        return directory;
    }
}
