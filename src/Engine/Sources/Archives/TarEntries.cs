using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Archives;

/// <summary>What the entries of tar archives become in a tree.</summary>
internal static class TarEntries
{
    /// <summary>Fails for what no tree can hold.</summary>
    /// <exception cref="ImportException">It is a device, a fifo, or cannot be read.</exception>
    public static void Check(TarMember entry)
    {
        var kind = entry.Kind switch
        {
            TarKind.BlockDevice => "a block device",
            TarKind.CharacterDevice => "a character device",
            TarKind.Fifo => "a fifo",
            TarKind.Unreadable => entry.Fault,
            _ => null,
        };
        if (kind is not null)
            throw ImportException.OfEntry($"'{Excerpt.Of(entry.Name)}' is {kind}");
    }

    /// <summary>Adds a checked entry.</summary>
    /// <param name="import">The tree.</param>
    /// <param name="entry">The entry, with its bytes still to be read.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="linkTarget">Of a symbolic link.</param>
    /// <param name="linkedPath">Of a hard link: the file that it is one with.</param>
    public static void Add(
        TreeImport import,
        TarMember entry,
        string[] path,
        string linkTarget,
        Func<string[]> linkedPath
    )
    {
        switch (entry.Kind)
        {
            case TarKind.Folder:
                import.AddFolder(path);
                break;
            case TarKind.Link:
                import.AddLink(path, linkTarget);
                break;
            case TarKind.HardLink:
                import.AddHardLink(path, linkedPath());
                break;
            default:
                import.AddFile(path, entry.IsExecutable, entry.Content, entry.Length);
                break;
        }
    }
}
