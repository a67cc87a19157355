using System.Collections.Immutable;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Images;

/// <summary>Keeps the layers of an image few enough for container engines.</summary>
internal static class LayerGroups
{
    /// <summary>
    /// Of packages; Docker takes 127 layers at most (<c>max depth exceeded</c>), and who builds on an image adds some.
    /// </summary>
    public const int MaxLayers = 100;

    /// <summary>
    /// The layers, of which the last ones, which the fewest images share, are one where there are too many.
    /// </summary>
    /// <param name="layers">One a package, the most shared first.</param>
    public static ImmutableArray<LayerPlan> Of(ImmutableArray<LayerPlan> layers)
    {
        if (layers.Length <= MaxLayers)
            return layers;
        var group = layers[(MaxLayers - 1)..];
        return
        [
            .. layers[..(MaxLayers - 1)],
            new(
                $"{group.Length} packages",
                null,
                string.Join("; ", group.Select(x => x.Description)),
                // Equal files of two packages are one.
                [.. group.SelectMany(x => x.Entries).DistinctBy(x => x.Path).OrderBy(x => x.Path, TarWriter.PathOrder)]
            ),
        ];
    }
}
