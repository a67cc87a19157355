using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Images;

/// <summary>One entry of a layer.</summary>
/// <param name="Path">Relative to the image's root, without a slash at the end.</param>
/// <param name="Kind">Folder, file or link.</param>
/// <param name="Ownership">Mode and owner.</param>
/// <param name="Content">Files only: the digest of the content.</param>
/// <param name="Source">Where the content lies in the store; null for the files of the image's own.</param>
/// <param name="Target">Links only.</param>
/// <param name="Bytes">Of a file of the image's own: its content.</param>
/// <param name="SameAs">Of a file that is another name of one before it: that one's path.</param>
internal sealed record LayerEntry(
    string Path,
    TreeEntryKind Kind,
    FileOwnership Ownership,
    Digest Content,
    string? Source,
    string? Target,
    ReadOnlyMemory<byte> Bytes = default,
    string? SameAs = null
);
