using System.Collections.Immutable;

namespace Recipes.Engine.Graph;

/// <summary>
/// Why a recipe depends on another: the shortest chain of dependencies, as they are written in recipes.
/// </summary>
internal static class DependencyPath
{
    /// <summary>
    /// The shortest path; empty if there is none. Each dependency starts where the one before ends: at a recipe, or for
    /// what an output requires, at that output.
    /// </summary>
    /// <param name="graph">The recipes.</param>
    /// <param name="from">A recipe.</param>
    /// <param name="to">Another.</param>
    /// <param name="output">The output of <paramref name="to"/> that the path has to end at; null for any.</param>
    /// <exception cref="EngineException">
    /// There is no recipe <paramref name="from"/> or <paramref name="to"/>.
    /// </exception>
    public static ImmutableArray<Dependency> Find(RecipeGraph graph, string from, string to, string? output = null)
    {
        graph.Workspace.Require(to);
        var cameBy = new Dictionary<string, (Dependency Edge, string Before)>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var open = new Queue<(string Recipe, string Place)>([(from, from)]);
        while (open.TryDequeue(out var at))
        {
            foreach (var edge in graph.Dependencies(at.Recipe).Where(x => Starts(x, at.Place, from)))
            {
                var place = edge.ToOutput is null ? edge.To : $"{edge.To}:{edge.ToOutput}";
                if (!seen.Add(place))
                    continue;
                cameBy.Add(place, (edge, at.Place));
                if (edge.To == to && (output is null || edge.ToOutput == output))
                    return Trace(cameBy, place, from);
                open.Enqueue((edge.To, place));
            }
        }
        return [];
    }

    // What one output requires is no need of another one; what the build needs is a need of all.
    private static bool Starts(Dependency edge, string place, string from) =>
        edge.FromOutput is null || place == from || place == $"{edge.From}:{edge.FromOutput}";

    private static ImmutableArray<Dependency> Trace(
        Dictionary<string, (Dependency Edge, string Before)> cameBy,
        string place,
        string from
    )
    {
        var path = new Stack<Dependency>();
        for (var at = place; at != from; at = cameBy[at].Before)
            path.Push(cameBy[at].Edge);
        return [.. path];
    }
}
