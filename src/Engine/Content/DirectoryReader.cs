using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Unicode;

namespace Recipes.Engine.Content;

/// <summary>Reads a directory on disk as a <see cref="Tree"/>: all names, and every file once for its digest.</summary>
internal static class DirectoryReader
{
    /// <summary>
    /// The most bytes of a path in a tree: with the store's own path before it, the kernel still takes it.
    /// </summary>
    internal const int MaxPath = 3072;

    /// <summary>The tree of a directory, which stays as it is.</summary>
    /// <param name="directory">Nobody changes it meanwhile.</param>
    /// <param name="cancellationToken">Stops it, also within a file.</param>
    /// <exception cref="EngineException">It holds what no tree can hold.</exception>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public static Tree Read(string directory, CancellationToken cancellationToken = default) =>
        Read(directory, null, cancellationToken);

    /// <summary>The tree of a directory; if asked, also gives everything in it the metadata of a stored tree.</summary>
    internal static Tree Read(string directory, FileStamp? stamp, CancellationToken cancellationToken)
    {
        var folders = Find(directory, stamp, cancellationToken);
        Hash([.. folders.SelectMany(x => x.Files)], stamp, cancellationToken);
        return Assemble(folders, stamp);
    }

    /// <summary>Gives everything of a tree that lies in this directory the metadata of a stored tree.</summary>
    internal static void Stamp(string directory, Tree tree, FileStamp stamp, CancellationToken cancellationToken)
    {
        // Folders last: what is changed in them moves their time.
        var entries = tree.Walk().ToLookup(x => x.Kind == TreeEntryKind.Folder);
        Run(
            entries[false].Select(x => x.Path).ToList(),
            (x, _) => StampEntry(Path.Join(directory, x), stamp),
            cancellationToken
        );
        foreach (var folder in entries[true].Reverse())
            StampEntry(Path.Join(directory, folder.Path), stamp);
        StampEntry(directory, stamp);
    }

    private static void StampEntry(string path, FileStamp stamp)
    {
        var stat = Posix.Stat(path) ?? throw new IOException($"'{path}' is missing from the tree it belongs to.");
        FileStamp.Open(path, stat);
        stamp.Close(path, stat);
    }

    /// <summary>All folders, parents first. No recursion: how deep it goes is up to whoever made the names.</summary>
    private static List<FoundFolder> Find(string directory, FileStamp? stamp, CancellationToken cancellationToken)
    {
        var root = Posix.Stat(directory) ?? throw new DirectoryNotFoundException($"'{directory}' does not exist.");
        var found = new List<FoundFolder> { new(directory, "", "", root) };
        for (var i = 0; i < found.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var folder = found[i];
            if (stamp is not null)
                FileStamp.Open(folder.Path, folder.Stat);
            foreach (var bytes in Posix.ReadFolder(folder.Path))
                Add(folder, bytes, stamp, found);
        }
        return found;
    }

    private static void Add(FoundFolder folder, byte[] bytes, FileStamp? stamp, List<FoundFolder> found)
    {
        var name = Encoding.UTF8.GetString(bytes);
        var shown = folder.Shown + name;
        if (!Utf8.IsValid(bytes))
            throw new EngineException($"The name '{shown}' is not UTF-8, which no tree can hold.");
        if (Encoding.UTF8.GetByteCount(shown) is > MaxPath and var length)
            throw new EngineException(
                $"The path '{shown[..40]}…' has {length} bytes or more; a tree holds paths of up to {MaxPath}."
            );
        var full = folder.Path + "/" + name;
        var stat = Posix.Stat(full) ?? throw new IOException($"'{full}' vanished while it was read.");
        switch (stat.Kind)
        {
            case FileKind.File:
                folder.Files.Add(new(full, name, stat));
                break;
            case FileKind.Folder:
                var child = new FoundFolder(full, name, shown + "/", stat);
                folder.Folders.Add(child);
                found.Add(child);
                break;
            case FileKind.Link:
                folder.Links.Add(new(name, Target(full, shown)));
                if (stamp is null)
                    break;
                FileStamp.Open(full, stat);
                stamp.Close(full, stat);
                break;
            default:
                throw new EngineException($"'{shown}' is a device, socket or fifo, which no tree can hold.");
        }
    }

    private static string Target(string full, string shown)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Posix.ReadLink(full));
        }
        catch (DecoderFallbackException e)
        {
            throw new EngineException($"The target of the link '{shown}' is not UTF-8, which no tree can hold.", e);
        }
    }

    private static void Hash(List<FoundFile> files, FileStamp? stamp, CancellationToken cancellationToken) =>
        Run(
            files,
            (file, hasher) =>
            {
                if (stamp is not null)
                    FileStamp.Open(file.Path, file.Stat);
                file.Digest = hasher.Hash(file.Path, cancellationToken);
                stamp?.Close(file.Path, file.Stat);
            },
            cancellationToken
        );

    private static void Run<T>(List<T> items, Action<T, FileHasher> work, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(
                0,
                items.Count,
                new ParallelOptions { CancellationToken = cancellationToken },
                () => new FileHasher(),
                (i, _, hasher) =>
                {
                    work(items[i], hasher);
                    return hasher;
                },
                hasher => hasher.Dispose()
            );
        }
        catch (AggregateException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static Tree Assemble(List<FoundFolder> folders, FileStamp? stamp)
    {
        var made = new Dictionary<FoundFolder, TreeDirectory>(folders.Count);
        // Parents come first in the list, so that children are made first from its end.
        foreach (var folder in Enumerable.Reverse(folders))
        {
            stamp?.Close(folder.Path, folder.Stat with { IsWholeSecond = false });
            made.Add(
                folder,
                TreeDirectory.Create(
                    folder.Files.Select(x => new TreeFile(x.Name, x.Digest, x.Stat.IsExecutable)),
                    folder.Folders.Select(x => new TreeFolder(x.Name, made[x].Digest)),
                    folder.Links
                )
            );
        }
        return Tree.Create(made[folders[0]], made.Values);
    }

    private sealed class FoundFile(string path, string name, FileStat stat)
    {
        public string Path => path;
        public string Name => name;
        public FileStat Stat => stat;
        public Digest Digest { get; set; }
    }

    /// <param name="path">On disk.</param>
    /// <param name="name">In its folder.</param>
    /// <param name="shown">Relative to the root, with <c>/</c> at its end.</param>
    /// <param name="stat">As it was found.</param>
    private sealed class FoundFolder(string path, string name, string shown, FileStat stat)
    {
        public string Path => path;
        public string Name => name;
        public string Shown => shown;
        public FileStat Stat => stat;
        public List<FoundFile> Files { get; } = [];
        public List<FoundFolder> Folders { get; } = [];
        public List<TreeLink> Links { get; } = [];
    }
}
