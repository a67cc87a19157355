using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Images;

/// <summary>
/// What composing will build of an image, or of an image with a package: found as <see cref="Composer"/> finds it, but
/// from what is built now, and nothing is built for it.
/// </summary>
/// <param name="Closure">What is known of the outputs with all that their files need at run time.</param>
/// <param name="Builds">What has to be built before the rest is known, and why.</param>
internal sealed record RuntimeForecast(RuntimeClosure Closure, BuildExplanation Builds)
{
    /// <summary>
    /// Outputs (<c>package:output</c>) that are not built and that no recipe names, each with a first file that is
    /// built and needs it.
    /// </summary>
    public IEnumerable<KeyValuePair<string, UnbuiltReason>> Needs =>
        Closure.Unbuilt.Where(x => x.Value is not null).Select(x => KeyValuePair.Create(x.Key, x.Value!));

    /// <summary>Looks at a package, with all outputs that an image may take, or at an image.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="locks">Its lock.</param>
    /// <param name="store">Where results are.</param>
    /// <param name="name">A package or image.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">There is no such recipe, or nothing to build in it.</exception>
    public static RuntimeForecast Of(
        RecipeGraph graph,
        LockFile locks,
        ContentStore store,
        string name,
        CancellationToken cancellationToken = default
    )
    {
        var recipe = graph.Workspace.RequireBuildable(name);
        ImmutableSortedSet<string> targets = [name];
        while (true)
        {
            var packages = BuiltPackages.Find(graph, locks, store, targets, cancellationToken);
            var closure = ClosureOf(recipe, packages, store);
            var more = targets.Union(closure.UnbuiltPackages);
            if (more.Count == targets.Count)
                return new(closure, BuildExplanation.Of(graph, packages, store, [.. closure.UnbuiltPackages]));
            targets = more;
        }
    }

    private static RuntimeClosure ClosureOf(Recipe recipe, BuiltPackages packages, ContentStore store)
    {
        if (recipe is ImageRecipe image)
            return RuntimeClosure.Of(image, packages.Find, store);
        var outputs = packages.Find(recipe.Name)?.Outputs.Keys.Except(OutputName.NotForRuntime) ?? [];
        // A package of the toolchain never goes into an image.
        var roots = outputs.Where(_ => recipe.Area == RecipeArea.Packages);
        return RuntimeClosure.Of(
            roots.Select(x => new OutputReference(recipe.Name, x, null)),
            recipe.NameSpan,
            packages.Find,
            store
        );
    }
}
