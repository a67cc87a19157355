namespace Recipes.Engine.Graph.Layout;

/// <summary>
/// Where edges leave and reach a box: side by side, in the order in which they come, so that none hides another.
/// </summary>
internal sealed class EdgePorts
{
    private const double Step = 9;
    private const double Edge = 10;

    private readonly Dictionary<List<Spot>, double> _out = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<List<Spot>, double> _in = new(ReferenceEqualityComparer.Instance);

    /// <param name="ways">All edges.</param>
    /// <param name="middle">Of a spot.</param>
    /// <param name="width">Of a spot.</param>
    public EdgePorts(IReadOnlyList<List<Spot>> ways, Func<Spot, double> middle, Func<Spot, double> width)
    {
        foreach (var leaving in ways.GroupBy(x => x[0]))
            Spread([.. leaving.OrderBy(x => middle(x[1]))], width(leaving.Key), _out);
        foreach (var coming in ways.GroupBy(x => x[^1]))
            Spread([.. coming.OrderBy(x => middle(x[^2]))], width(coming.Key), _in);
    }

    /// <summary>Where it leaves its first box, from that box's middle.</summary>
    public double Out(List<Spot> way) => _out[way];

    /// <summary>Where it reaches its last box, from that box's middle.</summary>
    public double In(List<Spot> way) => _in[way];

    private static void Spread(List<List<Spot>> ways, double width, Dictionary<List<Spot>, double> places)
    {
        var step = Math.Min(Step, (width - (2 * Edge)) / Math.Max(1, ways.Count - 1));
        foreach (var (i, way) in ways.Index())
            places[way] = (i - ((ways.Count - 1) / 2.0)) * step;
    }
}
