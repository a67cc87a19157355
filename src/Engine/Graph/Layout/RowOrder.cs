namespace Recipes.Engine.Graph.Layout;

/// <summary>Something with a place in a row: a node, or the waypoint of an edge.</summary>
/// <param name="Node">The node; of a waypoint, null.</param>
/// <param name="Row">From 0 at the bottom.</param>
internal sealed record Spot(int? Node, int Row)
{
    /// <summary>What leads to it, in the row above.</summary>
    public List<Spot> Above { get; } = [];

    /// <summary>What it leads to, in the row below.</summary>
    public List<Spot> Below { get; } = [];

    /// <summary>Its place in its row.</summary>
    public int Index { get; set; }

    public bool Equals(Spot? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>The rows of a picture, ordered so that few edges cross.</summary>
internal sealed class RowOrder
{
    private const int Sweeps = 12;

    private RowOrder(List<Spot>[] rows, List<List<Spot>> ways) => (Rows, Ways) = (rows, ways);

    /// <summary>From the bottom; each from left to right.</summary>
    public List<Spot>[] Rows { get; }

    /// <summary>Each edge from its node over its waypoints to its other node.</summary>
    public List<List<Spot>> Ways { get; }

    public static RowOrder Of(LayeredGraph graph)
    {
        var rows = Enumerable
            .Range(0, graph.RowOf.DefaultIfEmpty(-1).Max() + 1)
            .Select(_ => new List<Spot>())
            .ToArray();
        var nodes = new Spot[graph.RowOf.Count];
        foreach (var node in graph.Order)
            rows[graph.RowOf[node]].Add(nodes[node] = new(node, graph.RowOf[node]));
        var ways = new List<List<Spot>>();
        foreach (var (from, to) in graph.Edges)
            ways.Add(Way(nodes[from], nodes[to], rows));
        var order = new RowOrder(rows, ways);
        order.Number();
        order.Untangle();
        return order;
    }

    private static List<Spot> Way(Spot from, Spot to, List<Spot>[] rows)
    {
        var way = new List<Spot> { from };
        for (var row = from.Row - 1; row >= to.Row; row--)
        {
            var next = row == to.Row ? to : new Spot(null, row);
            if (next != to)
                rows[row].Add(next);
            way[^1].Below.Add(next);
            next.Above.Add(way[^1]);
            way.Add(next);
        }
        return way;
    }

    /// <summary>
    /// Sorts each row by the middle of its neighbours, downwards and upwards in turn, and keeps the best seen.
    /// </summary>
    private void Untangle()
    {
        var (best, fewest) = (Snapshot(), Crossings());
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            var isDown = sweep % 2 == 0;
            foreach (var row in isDown ? Rows.Reverse() : Rows)
                Sort(row, isDown ? x => x.Above : x => x.Below);
            var crossings = Crossings();
            if (crossings < fewest)
                (best, fewest) = (Snapshot(), crossings);
        }
        for (var i = 0; i < Rows.Length; i++)
            Rows[i] = best[i];
        Number();
    }

    private static void Sort(List<Spot> row, Func<Spot, List<Spot>> neighbours)
    {
        var middles = row.ToDictionary(
            x => x,
            x => neighbours(x).Count == 0 ? x.Index : neighbours(x).Average(y => y.Index)
        );
        var sorted = row.OrderBy(x => middles[x]).ThenBy(x => x.Index).ToList();
        row.Clear();
        row.AddRange(sorted);
        foreach (var (i, spot) in row.Index())
            spot.Index = i;
    }

    private int Crossings()
    {
        var crossings = 0;
        foreach (var row in Rows)
        {
            var edges = row.SelectMany(x => x.Below.Select(y => (x.Index, Below: y.Index))).ToList();
            for (var i = 0; i < edges.Count; i++)
            {
                for (var j = i + 1; j < edges.Count; j++)
                {
                    if ((edges[i].Index - edges[j].Index) * (edges[i].Below - edges[j].Below) < 0)
                        crossings++;
                }
            }
        }
        return crossings;
    }

    private List<Spot>[] Snapshot() => [.. Rows.Select(x => x.ToList())];

    private void Number()
    {
        foreach (var row in Rows)
        {
            foreach (var (i, spot) in row.Index())
                spot.Index = i;
        }
    }
}
