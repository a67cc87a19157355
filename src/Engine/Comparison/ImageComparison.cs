using System.Collections.Immutable;

namespace Recipes.Engine.Comparison;

/// <summary>A setting that differs.</summary>
/// <param name="Name">Such as <c>Env PGDATA</c>.</param>
/// <param name="Before">Null where it was not set.</param>
/// <param name="After">Null where it is no longer set.</param>
internal sealed record SettingChange(string Name, string? Before, string? After);

/// <summary>What differs between two images.</summary>
/// <param name="Settings">Of the configuration, by name.</param>
/// <param name="Kept">How many layers both have.</param>
/// <param name="AddedLayers">Only in the second, bottom first.</param>
/// <param name="RemovedLayers">Only in the first.</param>
/// <param name="IsReordered">True if both have the same layers in another order.</param>
/// <param name="Files">What differs in the files that all layers leave.</param>
/// <param name="CompressedBefore">The sum of the sizes of the first's compressed layers, in bytes.</param>
/// <param name="CompressedAfter">The same of the second's.</param>
internal sealed record ImageComparison(
    ImmutableArray<SettingChange> Settings,
    int Kept,
    ImmutableArray<ContentLayer> AddedLayers,
    ImmutableArray<ContentLayer> RemovedLayers,
    bool IsReordered,
    OutputComparison Files,
    long CompressedBefore,
    long CompressedAfter
)
{
    /// <summary>True if both are the same image, however they are compressed.</summary>
    public bool IsEmpty =>
        Settings.IsEmpty && AddedLayers.IsEmpty && RemovedLayers.IsEmpty && !IsReordered && Files.IsEmpty;

    /// <summary>Compares.</summary>
    public static ImageComparison Of(ImageContent before, ImageContent after)
    {
        var (old, current) = (
            before.Layers.Select(x => x.DiffId).ToList(),
            after.Layers.Select(x => x.DiffId).ToList()
        );
        var added = after.Layers.Where(x => !old.Contains(x.DiffId)).ToImmutableArray();
        var removed = before.Layers.Where(x => !current.Contains(x.DiffId)).ToImmutableArray();
        return new(
            [
                .. before
                    .Settings.Keys.Union(after.Settings.Keys)
                    .Order(StringComparer.Ordinal)
                    .Select(x => new SettingChange(
                        x,
                        before.Settings.GetValueOrDefault(x),
                        after.Settings.GetValueOrDefault(x)
                    ))
                    .Where(x => x.Before != x.After),
            ],
            after.Layers.Length - added.Length,
            added,
            removed,
            added.IsEmpty && removed.IsEmpty && !old.SequenceEqual(current),
            OutputComparison.Of(before.Files, after.Files),
            before.Layers.Sum(x => x.CompressedBytes),
            after.Layers.Sum(x => x.CompressedBytes)
        );
    }
}
