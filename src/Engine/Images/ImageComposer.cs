using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>Composes images: one layer a package, then one of the image's own files.</summary>
internal static class ImageComposer
{
    /// <summary>The label that lists the packages of an image that were made outside.</summary>
    internal const string PrebuiltLabel = "recipes.prebuilt";

    /// <summary>Everything that takes part in an image → its manifest and size table.</summary>
    internal static RecordType<ImageResult> Images { get; } =
        RecordType.OfJson("image", RecordRole.Lasting, ImagesJson.Default.ImageResult);

    /// <summary>
    /// Composes an image into the store. The result is a pure function of the recipe, the files of its folder that it
    /// names, and the outputs of the closure; what was composed before is looked up.
    /// </summary>
    /// <param name="recipe">The image.</param>
    /// <param name="closure">Its whole closure.</param>
    /// <param name="store">Holds the trees of the closure, and will hold the blobs of the image.</param>
    /// <param name="observer">Is told of the progress; null for nobody.</param>
    /// <param name="cancellationToken">
    /// Stops it, also within a layer; nothing is kept of a layer that was begun.
    /// </param>
    /// <returns>
    /// The image, and whether the very image was composed before; or null and all faults: conflicts between outputs,
    /// missing files, limits passed.
    /// </returns>
    /// <exception cref="EngineException">A tree is absent or damaged.</exception>
    public static (ImageResult? Image, ImmutableArray<Diagnostic> Faults, bool WasCached) Compose(
        ImageRecipe recipe,
        RuntimeClosure closure,
        ContentStore store,
        IEngineObserver? observer = null,
        CancellationToken cancellationToken = default
    )
    {
        if (!closure.IsWhole)
            throw new ArgumentException($"The closure of '{recipe.Name}' is not whole.");
        if (PrebuiltCheck.Of(recipe, closure) is { IsEmpty: false } faults)
            return (null, faults, false);
        recipe = Labelled(recipe, closure);
        var key = ImageKey.Of(recipe, closure);
        if (Find(key, store) is { } found)
            return (found, [], true);
        var planner = new ImagePlanner(store, recipe);
        var plan = planner.Plan(closure);
        if (planner.Faults.Count > 0)
            return (null, [.. planner.Faults], false);
        var image = Write(recipe, plan, store, observer ?? SilentObserver.Instance, cancellationToken);
        store.WriteRecord(Images, key, image);
        return (image, [], false);
    }

    /// <summary>
    /// The image that was composed of this closure before, if all its blobs are in the store; else null.
    /// </summary>
    /// <param name="recipe">The image.</param>
    /// <param name="closure">Its whole closure.</param>
    /// <param name="store">Where it is.</param>
    public static ImageResult? Find(ImageRecipe recipe, RuntimeClosure closure, ContentStore store) =>
        PrebuiltCheck.Of(recipe, closure).IsEmpty ? Find(ImageKey.Of(Labelled(recipe, closure), closure), store) : null;

    /// <summary>An image with packages that were made outside says so to whoever gets it.</summary>
    private static ImageRecipe Labelled(ImageRecipe recipe, RuntimeClosure closure) =>
        closure.Prebuilt is { IsEmpty: false } prebuilt
            ? recipe with
            {
                Image = recipe.Image with
                {
                    Labels = recipe.Image.Labels.SetItem(
                        PrebuiltLabel,
                        string.Join(", ", prebuilt.Select(x => x.Name))
                    ),
                },
            }
            : recipe;

    /// <summary>Name and tag; a version may hold characters that a tag may not.</summary>
    internal static string Reference(Recipe recipe)
    {
        var tag = string.Concat(
            (recipe.Version ?? "latest").Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')
        );
        return $"{ImageName.RepositoryOf(recipe.Name)}:{tag}";
    }

    private static ImageResult? Find(Digest key, ContentStore store)
    {
        if (store.FindRecord(Images, key) is not { } image)
            return null;
        var blobs = image.Layers.Select(x => x.Blob).Append(image.Manifest).Append(image.Configuration);
        return blobs.All(x => store.FindBlob(x) is not null) ? image : null;
    }

    private static ImageResult Write(
        ImageRecipe recipe,
        ImmutableArray<LayerPlan> plan,
        ContentStore store,
        IEngineObserver observer,
        CancellationToken cancellationToken
    )
    {
        var layers = plan.Select(x => (Plan: x, Stored: LayerWriter.Write(x, store, observer, cancellationToken)))
            .ToList();
        cancellationToken.ThrowIfCancellationRequested();
        var configuration = store.AddBlob(
            ImageConfiguration.Configuration(recipe, [.. layers.Select(x => (x.Plan.Description, x.Stored))])
        );
        var manifest = store.AddBlob(ImageConfiguration.Manifest(recipe, configuration, layers.Select(x => x.Stored)));
        return new(
            recipe.Name,
            Reference(recipe),
            manifest,
            configuration,
            [
                .. layers.Select(x => new ImageLayer(
                    x.Plan.Name,
                    x.Plan.Version,
                    x.Plan.Files,
                    x.Plan.FileBytes,
                    x.Stored.DiffId,
                    x.Stored.Blob
                )),
            ]
        );
    }
}
