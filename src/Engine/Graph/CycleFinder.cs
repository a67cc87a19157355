using Recipes.Engine.Model;

namespace Recipes.Engine.Graph;

/// <summary>Finds the shortest loop of each cycle, since only that one is of use to a person.</summary>
internal static class CycleFinder
{
    /// <summary>
    /// A bound for absurdly large cycles; a loop is then still found, if perhaps not the very shortest.
    /// </summary>
    private const int MaximumStarts = 500;

    public static IEnumerable<Diagnostic> Faults(BuildGraph graph) =>
        graph.Cycles().Select(x => Fault(ShortestLoop(graph, x)));

    private static Diagnostic Fault(IReadOnlyList<BuildEdge> loop)
    {
        // An output belongs to its build: that edge tells a person nothing.
        var dependencies = loop.Select(x => x.Dependency).OfType<Dependency>().ToList();
        var edges = dependencies.Select(x => x.Span is { } span ? $"{x} ({span.File}:{span.Line})" : x.ToString());
        return new Diagnostic($"dependency cycle: {string.Join(", ", edges)}", dependencies[0].Span);
    }

    /// <summary>Of equally short loops, the one that begins with the first name.</summary>
    private static List<BuildEdge> ShortestLoop(BuildGraph graph, IReadOnlyList<int> component)
    {
        var members = component.ToHashSet();
        List<BuildEdge>? shortest = null;
        foreach (var start in component.Where(x => !graph.IsOutput(x)).Take(MaximumStarts))
        {
            var loop = LoopFrom(graph, start, members, shortest?.Count ?? int.MaxValue);
            shortest = loop ?? shortest;
        }
        return shortest!;
    }

    /// <summary>The shortest way from a node to itself, if it is shorter than the limit; breadth first.</summary>
    private static List<BuildEdge>? LoopFrom(BuildGraph graph, int start, HashSet<int> members, int limit)
    {
        var cameBy = new Dictionary<int, BuildEdge>();
        var level = new List<int> { start };
        for (var length = 1; length < limit && level.Count > 0; length++)
        {
            var next = new List<int>();
            foreach (var edge in level.SelectMany(graph.EdgesOf).Where(x => members.Contains(x.Target)))
            {
                if (edge.Target == start)
                    return Way(cameBy, edge, start);
                if (cameBy.TryAdd(edge.Target, edge))
                    next.Add(edge.Target);
            }
            level = next;
        }
        return null;
    }

    private static List<BuildEdge> Way(Dictionary<int, BuildEdge> cameBy, BuildEdge last, int start)
    {
        var way = new List<BuildEdge> { last };
        while (way[^1].Source != start)
            way.Add(cameBy[way[^1].Source]);
        way.Reverse();
        return way;
    }
}
