using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;

namespace Recipes.Engine.Bumping;

/// <summary>What a bump reaches, with what is known of earlier builds.</summary>
internal static class Reached
{
    /// <summary>The packages that are built again at most, in order.</summary>
    public static ImmutableArray<Rebuild> Rebuilds(RecipeGraph graph, string name, ContentStore store)
    {
        var history = new BuildHistory(store);
        return [.. Impact.Of(graph, name).Packages.Select(x => new Rebuild(x, history.Find(x)?.Seconds))];
    }
}
