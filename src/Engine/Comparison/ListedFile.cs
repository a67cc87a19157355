using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Comparison;

/// <summary>A file, link or folder of an output or an image.</summary>
/// <param name="Path">Relative to the root, without a slash at the end.</param>
/// <param name="Kind">Folder, file or link.</param>
/// <param name="Content">Files only: the digest of the content, which has the size.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky.</param>
/// <param name="Uid">Numeric owner; 0 in a tree, which knows none.</param>
/// <param name="Gid">Numeric group; 0 in a tree.</param>
/// <param name="Target">Links only.</param>
/// <param name="Capabilities">Files only: what a program may do without being root.</param>
internal sealed record ListedFile(
    string Path,
    TreeEntryKind Kind,
    Digest Content,
    int Mode,
    int Uid,
    int Gid,
    string? Target,
    FileCapabilities Capabilities = default
)
{
    private const int FolderMode = 0b111_101_101;
    private const int FileMode = 0b110_100_100;
    private const int LinkMode = 0b111_111_111;

    /// <summary>In bytes; 0 for a link or a folder.</summary>
    public long Size => Content.Size;

    /// <summary>An entry of a tree.</summary>
    public static ListedFile Of(TreeEntry entry) =>
        entry.Kind switch
        {
            TreeEntryKind.File => new(
                entry.Path,
                entry.Kind,
                entry.Digest,
                entry.IsExecutable ? FolderMode : FileMode,
                0,
                0,
                null
            ),
            TreeEntryKind.Link => new(entry.Path, entry.Kind, default, LinkMode, 0, 0, entry.Target),
            _ => new(entry.Path, entry.Kind, default, FolderMode, 0, 0, null),
        };
}
