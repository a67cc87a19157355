using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Graph;

/// <summary>All dependencies of one recipe on another that are of one kind.</summary>
/// <param name="From">The recipe that depends.</param>
/// <param name="To">The recipe it depends on.</param>
/// <param name="Kind">In which way.</param>
/// <param name="Outputs">The outputs it depends on, sorted; empty for a source.</param>
/// <param name="Span">Where the first of them is written.</param>
internal sealed record GraphLink(
    string From,
    string To,
    DependencyKind Kind,
    ImmutableArray<string> Outputs,
    SourceSpan? Span
)
{
    /// <summary><c>needs main, dev</c>.</summary>
    public string Label =>
        Kind switch
        {
            DependencyKind.Base => "base",
            DependencyKind.Need => $"needs {string.Join(", ", Outputs)}",
            DependencyKind.Requirement => $"requires {string.Join(", ", Outputs)}",
            DependencyKind.Inclusion => $"includes {string.Join(", ", Outputs)}",
            DependencyKind.Member => "consists of",
            _ => "source",
        };
}

/// <summary>The part of a graph that is written out.</summary>
/// <param name="Roots">The recipes asked for; of the whole graph, those that nothing depends on. Sorted.</param>
/// <param name="Recipes">All recipes of the part, sorted by name.</param>
/// <param name="Links">By the recipe that depends; sorted by kind, then by name.</param>
internal sealed record GraphPart(
    ImmutableArray<string> Roots,
    ImmutableArray<Recipe> Recipes,
    ImmutableSortedDictionary<string, ImmutableArray<GraphLink>> Links
)
{
    public static GraphPart Of(RecipeGraph graph, IReadOnlyCollection<string> names)
    {
        var links = new SortedDictionary<string, ImmutableArray<GraphLink>>(StringComparer.Ordinal);
        var open = new Stack<string>(names.Count == 0 ? graph.Workspace.Recipes.Keys : names);
        while (open.TryPop(out var name))
        {
            if (links.ContainsKey(name))
                continue;
            links.Add(name, LinksOf(graph, name));
            foreach (var link in links[name])
                open.Push(link.To);
        }
        return new GraphPart(
            names.Count == 0 ? WithoutDependents(links) : [.. names.Distinct().Order(StringComparer.Ordinal)],
            [.. links.Keys.Select(x => graph.Workspace.Recipes[x])],
            links.ToImmutableSortedDictionary(StringComparer.Ordinal)
        );
    }

    private static ImmutableArray<GraphLink> LinksOf(RecipeGraph graph, string name) =>
        [
            .. graph
                .Dependencies(name)
                .Where(x => x.To != name)
                .GroupBy(x => (x.Kind, x.To))
                .OrderBy(x => x.Key.Kind)
                .ThenBy(x => x.Key.To, StringComparer.Ordinal)
                .Select(x => new GraphLink(name, x.Key.To, x.Key.Kind, Outputs(x), x.First().Span)),
        ];

    private static ImmutableArray<string> Outputs(IEnumerable<Dependency> dependencies) =>
        [.. dependencies.Select(x => x.ToOutput).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>In a graph of nothing but cycles there are none, and then all are roots.</summary>
    private static ImmutableArray<string> WithoutDependents(SortedDictionary<string, ImmutableArray<GraphLink>> links)
    {
        var targets = links.Values.SelectMany(x => x).Select(x => x.To).ToHashSet(StringComparer.Ordinal);
        var roots = links.Keys.Where(x => !targets.Contains(x)).ToImmutableArray();
        return roots.IsEmpty ? [.. links.Keys] : roots;
    }
}
