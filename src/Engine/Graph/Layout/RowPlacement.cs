namespace Recipes.Engine.Graph.Layout;

/// <summary>
/// Places the spots of ordered rows from left to right, near to what they are tied to, and never over each other.
/// </summary>
internal static class RowPlacement
{
    private const int Rounds = 24;

    /// <summary>How much more waypoints hold on to each other than boxes do, so that long edges are straight.</summary>
    private const double Straightness = 8;

    /// <summary>The middle of each spot; the leftmost spot begins at 0.</summary>
    /// <param name="rows">Ordered.</param>
    /// <param name="width">Of a spot.</param>
    /// <param name="gap">Between two spots.</param>
    public static Dictionary<Spot, double> Place(IReadOnlyList<List<Spot>> rows, Func<Spot, double> width, double gap)
    {
        var places = new Dictionary<Spot, double>();
        foreach (var row in rows)
        {
            var x = 0.0;
            foreach (var spot in row)
            {
                places[spot] = x + (width(spot) / 2);
                x += width(spot) + gap;
            }
        }
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var row in round % 2 == 0 ? rows.Reverse() : rows)
                Settle(row, places, width, gap);
        }
        var left = places.Count == 0 ? 0 : places.Min(x => x.Value - (width(x.Key) / 2));
        return places.ToDictionary(x => x.Key, x => x.Value - left);
    }

    /// <summary>
    /// Moves each spot as near to the middle of its neighbours as the others allow: the least squares under a given
    /// order, found by pooling what would overlap.
    /// </summary>
    private static void Settle(List<Spot> row, Dictionary<Spot, double> places, Func<Spot, double> width, double gap)
    {
        var pools = new List<(double Sum, double Weight, int Count)>();
        var offsets = new double[row.Count];
        for (var i = 0; i < row.Count; i++)
        {
            if (i > 0)
                offsets[i] = offsets[i - 1] + ((width(row[i - 1]) + width(row[i])) / 2) + gap;
            var (wanted, weight) = Wanted(row[i], places);
            var pool = (Sum: (wanted - offsets[i]) * weight, Weight: weight, Count: 1);
            while (pools.Count > 0 && pools[^1].Sum / pools[^1].Weight > pool.Sum / pool.Weight)
            {
                pool = (pool.Sum + pools[^1].Sum, pool.Weight + pools[^1].Weight, pool.Count + pools[^1].Count);
                pools.RemoveAt(pools.Count - 1);
            }
            pools.Add(pool);
        }
        var next = 0;
        foreach (var (sum, weight, count) in pools)
        {
            for (var end = next + count; next < end; next++)
                places[row[next]] = (sum / weight) + offsets[next];
        }
    }

    private static (double Place, double Weight) Wanted(Spot spot, Dictionary<Spot, double> places)
    {
        var (sum, weight) = (0.0, 0.0);
        foreach (var neighbour in spot.Above.Concat(spot.Below))
        {
            var hold = spot.Node is null && neighbour.Node is null ? Straightness : 1;
            (sum, weight) = (sum + (hold * places[neighbour]), weight + hold);
        }
        return weight == 0 ? (places[spot], 1) : (sum / weight, weight);
    }
}
