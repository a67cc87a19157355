using CsCheck;
using Recipes.Engine.Graph.Layout;
using Xunit;

namespace Recipes.Engine.Tests.Graph;

/// <summary>The layout of graphs, for any graph at all.</summary>
public class LayoutTests
{
    private const int Nodes = 12;

    private static readonly Gen<(int From, int To)[]> Edges = Gen.Select(
        Gen.Int[0, Nodes - 1],
        Gen.Int[0, Nodes - 1]
    ).Array[0, 40];

    [Fact]
    public void Every_edge_leads_to_a_lower_row() =>
        Edges.Sample(edges =>
        {
            var graph = new LayeredGraph(Nodes, edges);
            Assert.All(graph.Edges, x => Assert.True(graph.RowOf[x.From] > graph.RowOf[x.To]));
        });

    [Fact]
    public void Without_cycles_what_can_be_reached_stays_reachable_and_no_edge_follows_from_others() =>
        Edges.Sample(any =>
        {
            var edges = any.Where(x => x.From < x.To).ToList();
            var drawn = new LayeredGraph(Nodes, edges).Edges.ToList();
            for (var node = 0; node < Nodes; node++)
                Assert.Equal(Reach(node, edges), Reach(node, drawn));
            Assert.All(drawn, x => Assert.DoesNotContain(x.To, Reach(x.From, [.. drawn.Where(y => y != x)])));
        });

    [Fact]
    public void A_graph_deeper_than_the_stack_is_laid_out()
    {
        const int depth = 1000;
        LayeredGraph? graph = null;
        // A stack that a method which calls itself would fill.
        var thread = new Thread(
            () => graph = new(depth, Enumerable.Range(1, depth - 1).Select(x => (x - 1, x))),
            maxStackSize: 64 * 1024
        );
        thread.Start();
        thread.Join();

        Assert.Equal(Enumerable.Range(0, depth).Reverse(), graph!.RowOf);
    }

    [Fact]
    public void Nothing_stands_over_anything_else() =>
        Edges.Sample(edges =>
        {
            static double Width(Spot x) => x.Node is { } node ? 20 + (node * 7) : 6;
            var order = RowOrder.Of(new LayeredGraph(Nodes, edges));
            var places = RowPlacement.Place(order.Rows, Width, gap: 10);
            Assert.Equal(0, places.Min(x => x.Value - (Width(x.Key) / 2)), 1e-6);
            foreach (var row in order.Rows)
            {
                for (var i = 1; i < row.Count; i++)
                    Assert.True(
                        places[row[i]] - places[row[i - 1]] >= ((Width(row[i]) + Width(row[i - 1])) / 2) + 10 - 1e-6
                    );
            }
        });

    [Fact]
    public void Two_edges_that_need_not_cross_do_not()
    {
        var order = RowOrder.Of(new LayeredGraph(4, [(0, 3), (1, 2)]));

        Assert.Equal(order.Rows[1].Select(x => x.Below[0]), order.Rows[0]);
    }

    private static SortedSet<int> Reach(int from, IReadOnlyCollection<(int From, int To)> edges)
    {
        var reached = new SortedSet<int>();
        var open = new Stack<int>([from]);
        while (open.TryPop(out var node))
        {
            foreach (var (_, to) in edges.Where(x => x.From == node && reached.Add(x.To)))
                open.Push(to);
        }
        return reached;
    }
}
