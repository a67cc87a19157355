using System.Collections.Immutable;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>
/// Tells whether an image says of every package in it that was made outside, and of no other, that it takes it.
/// </summary>
internal static class PrebuiltCheck
{
    /// <summary>What can be told of images before anything is built: of what recipes include and require.</summary>
    /// <param name="graph">The recipes.</param>
    /// <param name="images">The images to look at.</param>
    public static ImmutableArray<Diagnostic> Of(RecipeGraph graph, IEnumerable<ImageRecipe> images) =>
        [
            .. images.SelectMany(image =>
                Undeclared(
                    image,
                    graph
                        .ImageContent(image.Name)
                        .Select(x => graph.Workspace.Recipes[x.Package])
                        .OfType<PackageRecipe>()
                )
            ),
        ];

    /// <summary>What is wrong with an image, once all that is in it is known.</summary>
    /// <param name="image">The image.</param>
    /// <param name="closure">Its whole closure.</param>
    public static ImmutableArray<Diagnostic> Of(ImageRecipe image, RuntimeClosure closure)
    {
        var names = closure.Outputs.Select(x => x.Recipe.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Undeclared(image, closure.Outputs.Select(x => x.Recipe)),
            .. image
                .Image.Prebuilt.Where(x => !names.Contains(x.Name))
                .Select(x => new Diagnostic(
                    $"'{image.Name}' does not hold '{x.Name}'; leave it out of 'prebuilt'",
                    x.Span
                )),
        ];
    }

    private static IEnumerable<Diagnostic> Undeclared(ImageRecipe image, IEnumerable<PackageRecipe> packages)
    {
        var declared = image.Image.Prebuilt.Select(x => x.Name).ToList();
        var undeclared = packages
            .Where(x => x.IsPrebuilt && !declared.Contains(x.Name))
            .DistinctBy(x => x.Name, StringComparer.Ordinal)
            .OrderBy(x => x.Name, StringComparer.Ordinal)
            .ToList();
        var line = string.Join(", ", declared.Concat(undeclared.Select(x => x.Name)).Select(x => $"\"{x}\""));
        return undeclared.Select(x => new Diagnostic(
            $"'{image.Name}' would hold '{x.Name}', which is prebuilt: it is made outside, in "
                + $"'{x.PrebuiltFrom!.Folder}'; to take it as it is, write in [image]: prebuilt = [{line}]",
            image.Image.Include.FirstOrDefault(i => i.Package == x.Name)?.Span ?? image.Image.Span
        ));
    }
}
