using System.Collections.Immutable;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;

namespace Recipes.Cli.Output.Graphs;

/// <summary>The part of a graph that is to be drawn.</summary>
/// <param name="Roots">Where a tree starts.</param>
/// <param name="Recipes">All recipes of the part, sorted by name.</param>
/// <param name="Dependencies">Every dependency of every recipe of the part.</param>
internal sealed record GraphSelection(
    ImmutableArray<string> Roots,
    ImmutableArray<Recipe> Recipes,
    ILookup<string, Dependency> Dependencies
)
{
    /// <summary>What these recipes depend on, through others too; without any, the whole workspace.</summary>
    public static GraphSelection Of(RecipeGraph graph, IReadOnlyList<string> names)
    {
        var roots = names.Count > 0 ? [.. names] : Tops(graph);
        var found = new Dictionary<string, ImmutableArray<Dependency>>(StringComparer.Ordinal);
        var open = new Stack<string>(names.Count > 0 ? names : graph.Workspace.Recipes.Keys);
        while (open.TryPop(out var name))
        {
            if (found.ContainsKey(name))
                continue;
            found[name] = graph.Dependencies(name);
            foreach (var dependency in found[name])
                open.Push(dependency.To);
        }
        return new(
            roots,
            [.. found.Keys.Order(StringComparer.Ordinal).Select(x => graph.Workspace.Recipes[x])],
            found.Values.SelectMany(x => x).ToLookup(x => x.From, StringComparer.Ordinal)
        );
    }

    /// <summary>Between two recipes one edge, of the strongest kind, however many outputs are meant.</summary>
    public IEnumerable<Dependency> EdgesOf(string recipe) =>
        Dependencies[recipe].GroupBy(x => x.To, StringComparer.Ordinal).Select(x => x.MinBy(d => d.Kind)!);

    private static ImmutableArray<string> Tops(RecipeGraph graph) =>
        [.. graph.Workspace.Recipes.Keys.Where(x => graph.Dependents(x).All(d => d.From == x))];
}
