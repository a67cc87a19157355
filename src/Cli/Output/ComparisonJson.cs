using System.Collections.Immutable;
using Recipes.Engine.Comparison;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>diff --json</c>; sizes in bytes.</summary>
internal sealed record ComparisonJson(
    bool Equal,
    string Before,
    string After,
    long BytesBefore,
    long BytesAfter,
    ImmutableArray<FileJson> Added,
    ImmutableArray<FileJson> Removed,
    ImmutableArray<FileChangeJson> Changed,
    SetDifference Sonames,
    ImmutableArray<ElfChange> Elf,
    ImmutableArray<BreakingSymbol> Breaking,
    ImageDifferenceJson? Image
)
{
    public static ComparisonJson Of(Comparison found) =>
        new(
            found.IsEmpty,
            found.Before,
            found.After,
            found.Files.BytesBefore,
            found.Files.BytesAfter,
            [.. found.Files.Added.Select(FileJson.Of)],
            [.. found.Files.Removed.Select(FileJson.Of)],
            [
                .. found.Files.Changed.Select(x => new FileChangeJson(
                    x.Path,
                    FileJson.Of(x.Before),
                    FileJson.Of(x.After)
                )),
            ],
            found.Files.Sonames,
            found.Files.Elf,
            found.Breaking,
            found.Image is { } image
                ? new(
                    image.Settings,
                    image.Kept,
                    image.AddedLayers,
                    image.RemovedLayers,
                    image.IsReordered,
                    image.CompressedBefore,
                    image.CompressedAfter
                )
                : null
        );
}

/// <summary>
/// A file, link or folder; the mode in octal digits, the digest of files alone, the target of links alone.
/// </summary>
internal sealed record FileJson(
    string Path,
    string Kind,
    string Mode,
    int Uid,
    int Gid,
    long Bytes,
    string? Digest,
    string? Target,
    string? Capabilities
)
{
    public static FileJson Of(ListedFile file) =>
        new(
            file.Path,
            file.Kind.ToString().ToLowerInvariant(),
            Convert.ToString(file.Mode, 8),
            file.Uid,
            file.Gid,
            file.Size,
            file.Content.IsEmpty ? null : file.Content.ToString(),
            file.Target,
            file.Capabilities == default ? null : file.Capabilities.ToString()
        );
}

/// <summary>A path that is on both sides.</summary>
internal sealed record FileChangeJson(string Path, FileJson Before, FileJson After);

/// <summary>What differs between two images beside their files.</summary>
internal sealed record ImageDifferenceJson(
    ImmutableArray<SettingChange> Settings,
    int LayersKept,
    ImmutableArray<ContentLayer> LayersAdded,
    ImmutableArray<ContentLayer> LayersRemoved,
    bool Reordered,
    long CompressedBefore,
    long CompressedAfter
);
