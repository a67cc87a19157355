using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>One file of an image.</summary>
/// <param name="Path">Relative to the image's root.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record SizedFile(string Path, long Bytes);

/// <summary>What one package brings into an image.</summary>
/// <param name="Name">The package; of the image's own files, the image.</param>
/// <param name="Version">Of the package, or null.</param>
/// <param name="Entries">How many files and links.</param>
/// <param name="Files">Its files, the largest first.</param>
internal sealed record SizedPackage(string Name, string? Version, int Entries, ImmutableArray<SizedFile> Files)
{
    /// <summary>The sum of the sizes of its files, in bytes.</summary>
    public long Bytes { get; } = Files.Sum(x => x.Bytes);
}

/// <summary>
/// Where the bytes of an image are; also of one that its limits or a conflict keep from being composed.
/// </summary>
/// <param name="Name">The image.</param>
/// <param name="Version">Its version, or null.</param>
/// <param name="Limit">The most that all files may weigh, in bytes, or null.</param>
/// <param name="Packages">The largest first.</param>
/// <param name="Faults">Why the image cannot be composed.</param>
internal sealed record ImageSize(
    string Name,
    string? Version,
    long? Limit,
    ImmutableArray<SizedPackage> Packages,
    ImmutableArray<Diagnostic> Faults
)
{
    /// <summary>The packages that were made outside, by name.</summary>
    public ImmutableArray<string> Prebuilt { get; init; } = [];

    /// <summary>The sum of the sizes of all files, in bytes.</summary>
    public long Bytes => Packages.Sum(x => x.Bytes);

    /// <summary>Weighs an image without composing it.</summary>
    /// <param name="recipe">The image.</param>
    /// <param name="closure">Its whole closure.</param>
    /// <param name="store">Holds the trees of the closure.</param>
    /// <exception cref="EngineException">A tree is absent or damaged.</exception>
    public static ImageSize Of(ImageRecipe recipe, RuntimeClosure closure, ContentStore store)
    {
        var planner = new ImagePlanner(store, recipe);
        var layers = planner.Plan(closure);
        return new(
            recipe.Name,
            recipe.Version,
            recipe.Image.SizeLimit,
            [
                .. layers
                    .Select(x => new SizedPackage(x.Name, x.Version, x.Files, Files(x)))
                    .OrderByDescending(x => x.Bytes)
                    .ThenBy(x => x.Name, StringComparer.Ordinal),
            ],
            [.. PrebuiltCheck.Of(recipe, closure), .. planner.Faults]
        )
        {
            Prebuilt = [.. closure.Prebuilt.Select(x => x.Name)],
        };
    }

    private static ImmutableArray<SizedFile> Files(LayerPlan layer) =>
        [
            .. layer
                .Entries.Where(x => x.Kind == TreeEntryKind.File)
                .Select(x => new SizedFile(x.Path, x.Content.Size))
                .OrderByDescending(x => x.Bytes)
                .ThenBy(x => x.Path, StringComparer.Ordinal),
        ];
}
