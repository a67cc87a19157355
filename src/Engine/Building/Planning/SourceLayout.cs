using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Patching;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// What a build finds at <c>/build</c>: pinned trees, and the patches on them. A source belongs together with its
/// patches: who builds <c>from</c> a recipe or includes its source gets both.
/// </summary>
/// <param name="Trees">Path relative to the root, and the recipe that pins the tree; parents first.</param>
/// <param name="Patches">In the order in which they are applied.</param>
internal sealed record SourceLayout(
    ImmutableArray<(string Path, Recipe Recipe)> Trees,
    ImmutableArray<SourcePatch> Patches
)
{
    private const string BuildFolder = "build";

    /// <summary>The sources of a recipe; of a seed, itself.</summary>
    public static SourceLayout Of(Recipe recipe, Workspace workspace)
    {
        if (recipe is SeedRecipe)
            return new([("", recipe)], []);
        if (recipe.WrittenSource is not { } source)
            return new([], []);
        var layout = source.From is { } from
            ? Of(workspace.Recipes[from.Name], workspace)
            : new SourceLayout([(BuildFolder, recipe)], []);
        foreach (var (path, reference) in source.Include)
        {
            var included = workspace.Recipes[reference.Name];
            var folder = $"{BuildFolder}/{path}";
            layout = new(layout.Trees.Add((folder, included)), layout.Patches.AddRange(PatchesOf(included, folder)));
        }
        return layout with { Patches = layout.Patches.AddRange(PatchesOf(recipe, BuildFolder)) };
    }

    private static IEnumerable<SourcePatch> PatchesOf(Recipe recipe, string directory) =>
        recipe.WrittenSource?.Patches.Select(x => new SourcePatch(directory, recipe, x)) ?? [];
}
