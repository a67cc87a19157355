using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Trees;

/// <summary>Reads a directory of this machine as a source tree, by the rules that archives are read by.</summary>
internal static class DirectoryImport
{
    /// <summary>Copies a directory but for <c>.git</c>; it stays as it is.</summary>
    /// <param name="directory">Such as the work tree of a submodule.</param>
    /// <param name="destination">An existing empty folder.</param>
    /// <param name="source">Its <c>only</c> and its limits hold here too.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">It cannot be read, or holds something that no source may hold.</exception>
    public static ImportedTree Run(
        string directory,
        string destination,
        SourceSpec source,
        CancellationToken cancellationToken
    ) => Read(directory, destination, source, cancellationToken);

    /// <summary>Tells what <see cref="Run"/> would copy, and copies nothing.</summary>
    /// <param name="directory">As there.</param>
    /// <param name="source">As there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">As there.</exception>
    public static ImportedTree Look(string directory, SourceSpec source, CancellationToken cancellationToken) =>
        Read(directory, null, source, cancellationToken);

    private static ImportedTree Read(
        string directory,
        string? destination,
        SourceSpec source,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var import = new TreeImport(destination, source.Limits);
            Add(new DirectoryInfo(directory), import, WantedPaths.Of(source), cancellationToken);
            return import.Finish();
        }
        catch (ImportException e)
        {
            throw new EngineException($"Cannot build from '{directory}': {e.Advice}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"Cannot read '{directory}': {e.Message}", e);
        }
    }

    private static void Add(
        DirectoryInfo directory,
        TreeImport import,
        WantedPaths filter,
        CancellationToken cancellationToken
    )
    {
        var open = new Stack<(DirectoryInfo Directory, string[] Path)>([(directory, [])]);
        while (open.TryPop(out var folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            EntryPath.CheckLength(folder.Path);
            foreach (
                var entry in folder
                    .Directory.EnumerateFileSystemInfos()
                    .Where(x => x.Name != ".git")
                    .OrderBy(x => x.Name, StringComparer.Ordinal)
            )
            {
                string[] path = [.. folder.Path, entry.Name];
                if (entry.LinkTarget is { } target)
                {
                    if (IsWanted(path))
                        import.AddLink(path, target);
                }
                else if (entry is DirectoryInfo inner)
                {
                    // What is below such a folder cannot be reached, so it has to be unwanted.
                    if (!entry.Name.Contains('\ufffd', StringComparison.Ordinal) || IsWanted([.. path, "any"]))
                        open.Push((inner, path));
                }
                else if (IsWanted(path))
                    AddFile((FileInfo)entry, path, import);
            }
        }

        bool IsWanted(string[] path)
        {
            if (!filter.Wants(path))
                return false;
            EntryPath.Check(string.Join('/', path));
            return true;
        }
    }

    /// <summary>Adds one file or link; none that was deleted.</summary>
    /// <param name="file">Where it is.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="import">Takes it.</param>
    /// <exception cref="ImportException">It is what no source may hold.</exception>
    public static void AddEntry(string file, string path, TreeImport import)
    {
        var entry = new FileInfo(file);
        if (entry.LinkTarget is { } target)
            import.AddLink(EntryPath.Split(path), target);
        else if (entry.Exists)
            AddFile(entry, EntryPath.Split(path), import);
    }

    private static void AddFile(FileInfo file, string[] path, TreeImport import)
    {
        // Opening a fifo would wait for someone to write.
        if (Posix.Stat(file.FullName) is not { Kind: FileKind.File } stat)
            throw ImportException.OfEntry($"'{string.Join('/', path)}' is not a regular file");
        using var content = file.OpenRead();
        import.AddFile(path, stat.IsExecutable, content, content.Length);
    }
}
