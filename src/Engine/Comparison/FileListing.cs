using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Sources.Archives;

namespace Recipes.Engine.Comparison;

/// <summary>All that is in an output, a package or an image, by path, with a way to the ELF files among it.</summary>
internal sealed class FileListing
{
    /// <summary>The largest file that is read as text, in bytes.</summary>
    internal const int LargestText = 1 << 20;

    private readonly Func<string, ElfFile?> readElf;
    private readonly Func<string, byte[]?> readText;

    internal FileListing(IEnumerable<ListedFile> files, Func<string, ElfFile?> readElf, Func<string, byte[]?> readText)
    {
        Files = files.ToImmutableSortedDictionary(x => x.Path, x => x, TreeDirectory.NameOrder);
        (this.readElf, this.readText) = (readElf, readText);
    }

    /// <summary>Nothing.</summary>
    public static FileListing Empty { get; } = new([], _ => null, _ => null);

    /// <summary>By path.</summary>
    public ImmutableSortedDictionary<string, ListedFile> Files { get; }

    /// <summary>The sum of the sizes of all files, in bytes.</summary>
    public long FileBytes => Files.Values.Sum(x => x.Size);

    /// <summary>What a stored tree holds.</summary>
    /// <exception cref="EngineException">The tree is not in the store.</exception>
    public static FileListing OfTree(Digest tree, ContentStore store) => OfTrees([tree], store);

    /// <summary>What any folder holds, without owners; every file is read for its digest.</summary>
    /// <exception cref="EngineException">
    /// It holds a device, socket, fifo, or a name that is not UTF-8, or cannot be read.
    /// </exception>
    public static FileListing OfFolder(string folder)
    {
        try
        {
            return new(
                DirectoryReader.Read(folder).Walk().Select(ListedFile.Of),
                path => ReadElf(Path.Join(folder, path)),
                path => File.ReadAllBytes(Path.Join(folder, path))
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"'{folder}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// What a release archive holds, read as a source is: without its top folder, and with nothing that a source may
    /// not hold.
    /// </summary>
    /// <param name="path">A tar archive, compressed or not.</param>
    /// <param name="folder">An empty folder that takes the files, and is read as long as the listing is.</param>
    /// <param name="cancellationToken">Stops unpacking.</param>
    /// <exception cref="EngineException">It is no such archive, or is refused.</exception>
    public static FileListing OfArchive(string path, string folder, CancellationToken cancellationToken)
    {
        var tree = Path.Join(folder, "tree");
        Directory.CreateDirectory(tree);
        ArchiveReader.Unpack(
            new()
            {
                Label = Path.GetFileName(path),
                Archive = path,
                Destination = tree,
            },
            cancellationToken
        );
        return OfFolder(tree);
    }

    /// <summary>
    /// What several stored trees hold together, as the outputs of a package; of equal paths the first counts.
    /// </summary>
    /// <exception cref="EngineException">A tree is not in the store.</exception>
    public static FileListing OfTrees(IEnumerable<Digest> trees, ContentStore store)
    {
        var files = new Dictionary<string, (ListedFile File, string Folder)>(StringComparer.Ordinal);
        foreach (var tree in trees)
        {
            var folder = store.TreePath(tree);
            foreach (var entry in store.ReadTree(tree).Walk())
                files.TryAdd(entry.Path, (ListedFile.Of(entry), folder));
        }
        return new(
            files.Values.Select(x => x.File),
            path => ReadElf(Path.Join(files[path].Folder, path)),
            path => File.ReadAllBytes(Path.Join(files[path].Folder, path))
        );
    }

    /// <summary>The ELF file at a path; null where it is something else, or damaged.</summary>
    internal ElfFile? Elf(string path) => Files[path] is { Kind: TreeEntryKind.File, Size: > 4 } ? readElf(path) : null;

    /// <summary>
    /// The bytes of a text at a path: a file below <c>etc/</c>, or a script. Null where there is another file or none,
    /// or one larger than <see cref="LargestText"/>.
    /// </summary>
    internal byte[]? Text(string path) =>
        Files.GetValueOrDefault(path) is { Kind: TreeEntryKind.File, Size: <= LargestText } ? readText(path) : null;

    /// <summary>The same place without links on the way; segments that do not exist stay as they are.</summary>
    internal string Resolve(string path) =>
        PathWalk.Resolve(path, followLast: true, x => Files.GetValueOrDefault(x)?.Target);

    /// <summary>The ELF files with their paths, as far as these are wanted.</summary>
    internal IEnumerable<(string Path, ElfFile Elf)> ElfFiles(Func<string, bool>? isWanted = null)
    {
        foreach (var path in Files.Keys.Where(x => isWanted?.Invoke(x) ?? true))
        {
            if (Elf(path) is { } elf)
                yield return (path, elf);
        }
    }

    private static ElfFile? ReadElf(string path)
    {
        try
        {
            return ElfFile.Read(path);
        }
        catch (FormatException)
        {
            // No loader reads it; test suites install such files as data.
            return null;
        }
        catch (IOException e)
        {
            throw new EngineException($"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
