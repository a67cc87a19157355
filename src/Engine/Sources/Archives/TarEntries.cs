using System.Formats.Tar;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Archives;

/// <summary>What the entries of tar archives become in a tree.</summary>
internal static class TarEntries
{
    public static bool IsFile(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;

    /// <summary>Old archives know folders only by the slash at the end of the name.</summary>
    public static bool IsFolder(TarEntry entry) =>
        entry.EntryType is TarEntryType.Directory || (IsFile(entry) && entry.Name.EndsWith('/'));

    /// <summary>Fails for what no tree can hold, wanted or not.</summary>
    /// <exception cref="ImportException">It is a device, a fifo, or of a kind that is not read.</exception>
    public static void Check(TarEntry entry)
    {
        var kind = entry.EntryType switch
        {
            TarEntryType.BlockDevice => "a block device",
            TarEntryType.CharacterDevice => "a character device",
            TarEntryType.Fifo => "a fifo",
            TarEntryType.Directory or TarEntryType.SymbolicLink or TarEntryType.HardLink => null,
            _ when IsFile(entry) => null,
            var other => $"an entry of the kind {other}, which is not read",
        };
        if (kind is not null)
            throw new ImportException($"'{entry.Name}' is {kind}");
    }

    /// <summary>Adds a checked entry.</summary>
    /// <param name="import">The tree.</param>
    /// <param name="entry">The entry, with its bytes still to be read.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="linkTarget">Of a symbolic link.</param>
    /// <param name="linkedPath">Of a hard link: the file that it is one with.</param>
    public static void Add(
        TreeImport import,
        TarEntry entry,
        string[] path,
        string linkTarget,
        Func<string[]> linkedPath
    )
    {
        if (IsFolder(entry))
            import.AddFolder(path);
        else if (entry.EntryType == TarEntryType.SymbolicLink)
            import.AddLink(path, linkTarget);
        else if (entry.EntryType == TarEntryType.HardLink)
            import.AddHardLink(path, linkedPath());
        else
            import.AddFile(
                path,
                (entry.Mode & UnixFileMode.UserExecute) != 0,
                entry.DataStream ?? Stream.Null,
                entry.Length
            );
    }
}
