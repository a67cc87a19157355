using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Images;

/// <summary>One entry of a layer.</summary>
/// <param name="Path">Relative to the image's root, without a slash at the end.</param>
/// <param name="Kind">Folder, file or link.</param>
/// <param name="Ownership">Mode and owner.</param>
/// <param name="Content">Files only: the digest of the content.</param>
/// <param name="Source">Files only: where the content lies in the store.</param>
/// <param name="Target">Links only.</param>
internal sealed record LayerEntry(
    string Path,
    TreeEntryKind Kind,
    FileOwnership Ownership,
    Digest Content,
    string? Source,
    string? Target
);
