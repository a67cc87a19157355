using System.IO.Enumeration;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Recipes.Engine.Content;

/// <summary>Reads a directory on disk as a <see cref="Tree"/>: all names, and every file once for its digest.</summary>
public static class DirectoryReader
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The tree of a directory, which stays as it is.</summary>
    /// <exception cref="EngineException">It holds a device, socket or fifo, or a name that is not UTF-8.</exception>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public static Tree Read(string directory) => Read(directory, stamp: false);

    /// <summary>The tree of a directory; if asked, also gives everything in it the mode and times of a stored tree.</summary>
    internal static Tree Read(string directory, bool stamp)
    {
        var files = new List<FoundFile>();
        var root = Find(directory, "", stamp, files);
        Hash(files, stamp);
        var directories = new List<TreeDirectory>();
        return Tree.Create(Assemble(root, stamp, directories), directories);
    }

    /// <summary>Gives everything of a tree that lies in this directory the mode and times of a stored tree.</summary>
    internal static void Stamp(string directory, Tree tree)
    {
        StampEntry(directory);
        Run(() => Parallel.ForEach(tree.Walk().ToList(), entry => StampEntry(Path.Join(directory, entry.Path))));
    }

    private static void StampEntry(string path)
    {
        var stat = Posix.Stat(path) ?? throw new IOException($"'{path}' is missing from the tree it belongs to.");
        FileStamp.SetMode(path, stat);
        FileStamp.SetTime(path, stat);
    }

    private static FoundFolder Find(string path, string relative, bool stamp, List<FoundFile> files)
    {
        if (stamp)
            FileStamp.SetMode(path, Posix.Stat(path) ?? throw new DirectoryNotFoundException($"'{path}' does not exist."));
        var folder = new FoundFolder(path, Path.GetFileName(path));
        var names = new FileSystemEnumerable<string>(path, (ref FileSystemEntry x) => x.FileName.ToString(), Everything);
        foreach (var name in names)
        {
            var full = path + "/" + name;
            var shown = relative + name;
            var stat = Posix.Stat(full) ?? throw Unreadable(full, shown, name);
            switch (stat.Kind)
            {
                case FileKind.File:
                    var file = new FoundFile(full, name, stat);
                    folder.Files.Add(file);
                    files.Add(file);
                    break;
                case FileKind.Folder:
                    folder.Folders.Add(Find(full, shown + "/", stamp, files));
                    break;
                case FileKind.Link:
                    folder.Links.Add(new(name, Target(full, shown)));
                    if (stamp)
                        FileStamp.SetTime(full, stat);
                    break;
                default:
                    throw new EngineException($"'{shown}' is a device, socket or fifo, which no tree can hold.");
            }
        }
        return folder;
    }

    private static Exception Unreadable(string full, string shown, string name) =>
        name.Contains('\ufffd', StringComparison.Ordinal)
            ? new EngineException($"The name '{shown}' is not UTF-8, which no tree can hold.")
            : new IOException($"'{full}' vanished while it was read.");

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

    private static void Hash(List<FoundFile> files, bool stamp) =>
        Run(() =>
            Parallel.For(
                0,
                files.Count,
                () => new FileHasher(),
                (i, _, hasher) =>
                {
                    var file = files[i];
                    if (stamp)
                        FileStamp.SetMode(file.Path, file.Stat);
                    file.Digest = hasher.Hash(file.Path);
                    if (stamp)
                        FileStamp.SetTime(file.Path, file.Stat);
                    return hasher;
                },
                hasher => hasher.Dispose()
            )
        );

    private static void Run(Action parallel)
    {
        try
        {
            parallel();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static TreeDirectory Assemble(FoundFolder found, bool stamp, List<TreeDirectory> directories)
    {
        var folders = new List<TreeFolder>(found.Folders.Count);
        foreach (var child in found.Folders)
        {
            var directory = Assemble(child, stamp, directories);
            directories.Add(directory);
            folders.Add(new(child.Name, directory.Digest));
        }
        if (stamp)
            Posix.SetTimes(found.Path, FileStamp.Seconds);
        var files = found.Files.Select(x => new TreeFile(x.Name, x.Digest, x.Stat.IsExecutable));
        return TreeDirectory.Create(files, folders, found.Links);
    }

    private sealed class FoundFile(string path, string name, FileStat stat)
    {
        public string Path => path;
        public string Name => name;
        public FileStat Stat => stat;
        public Digest Digest { get; set; }
    }

    private sealed class FoundFolder(string path, string name)
    {
        public string Path => path;
        public string Name => name;
        public List<FoundFile> Files { get; } = [];
        public List<FoundFolder> Folders { get; } = [];
        public List<TreeLink> Links { get; } = [];
    }
}
