namespace Recipes.Engine.Graph.Layout;

/// <summary>
/// The nodes and edges of a picture in rows: an edge leads from a row to a lower one, and where it crosses rows on its
/// way a waypoint stands for it there. The method is that of Sugiyama, Tagawa and Toda (1981).
/// </summary>
internal sealed class LayeredGraph
{
    private readonly List<HashSet<int>> _targets;

    /// <param name="count">Nodes are numbers from 0.</param>
    /// <param name="edges">From who depends to what it depends on; cycles are allowed.</param>
    public LayeredGraph(int count, IEnumerable<(int From, int To)> edges)
    {
        var given = Enumerable.Range(0, count).Select(_ => new SortedSet<int>()).ToList();
        foreach (var (from, to) in edges)
            given[from].Add(to);
        _targets = WithoutCycles(given);
        Order = Topological(_targets);
        Reduce();
        RowOf = Rows();
    }

    /// <summary>Each node before all that it depends on.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Of each node, from 0 at the bottom; what depends on nothing is there.</summary>
    public IReadOnlyList<int> RowOf { get; }

    /// <summary>
    /// The edges that are drawn, all from a higher row to a lower one. One that follows from others is left out, and so
    /// is one that closes a cycle.
    /// </summary>
    public IEnumerable<(int From, int To)> Edges =>
        _targets.SelectMany((x, from) => x.Order().Select(to => (from, to)));

    /// <summary>Leaves out the edges that lead back to where a search came from.</summary>
    private static List<HashSet<int>> WithoutCycles(List<SortedSet<int>> given)
    {
        var result = given.Select(_ => new HashSet<int>()).ToList();
        var state = new byte[given.Count];
        foreach (var step in DepthFirst(given))
        {
            if (step.To is not { } target)
            {
                state[step.From] = 2;
                continue;
            }
            state[step.From] = 1;
            if (target != step.From && state[target] != 1)
                result[step.From].Add(target);
        }
        return result;
    }

    private static List<int> Topological(List<HashSet<int>> targets)
    {
        var order = DepthFirst([.. targets.Select(x => new SortedSet<int>(x))])
            .Where(x => x.To is null)
            .Select(x => x.From)
            .ToList();
        order.Reverse();
        return order;
    }

    /// <summary>
    /// The steps of a depth-first search, nodes and targets in ascending order: each edge when it is met, and each
    /// node, without a target, when all that it leads to has been visited. A graph may be deeper than the stack of a
    /// thread.
    /// </summary>
    private static IEnumerable<(int From, int? To)> DepthFirst(List<SortedSet<int>> targets)
    {
        var seen = new bool[targets.Count];
        var path = new Stack<(int Node, IEnumerator<int> Targets)>();
        for (var start = 0; start < targets.Count; start++)
        {
            if (seen[start])
                continue;
            seen[start] = true;
            path.Push((start, targets[start].GetEnumerator()));
            while (path.TryPeek(out var top))
            {
                if (!top.Targets.MoveNext())
                {
                    path.Pop();
                    yield return (top.Node, null);
                    continue;
                }
                var target = top.Targets.Current;
                yield return (top.Node, target);
                if (seen[target])
                    continue;
                seen[target] = true;
                path.Push((target, targets[target].GetEnumerator()));
            }
        }
    }

    /// <summary>The transitive reduction: an edge goes where a longer way leads to the same node.</summary>
    private void Reduce()
    {
        var reached = new HashSet<int>[_targets.Count];
        foreach (var node in Order.Reverse())
        {
            var direct = _targets[node];
            var further = direct.SelectMany(x => reached[x]).ToHashSet();
            direct.ExceptWith(further);
            further.UnionWith(direct);
            reached[node] = further;
        }
    }

    private int[] Rows()
    {
        var rows = new int[_targets.Count];
        foreach (var node in Order.Reverse())
            rows[node] = _targets[node].Select(x => rows[x] + 1).DefaultIfEmpty(0).Max();
        return rows;
    }
}
