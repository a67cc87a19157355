namespace Recipes.Engine.Pictures;

/// <summary>
/// Divides a rectangle by weights, with parts as near to squares as the order allows (Bruls, Huizing, van Wijk:
/// Squarified Treemaps, 2000).
/// </summary>
internal static class Treemap
{
    /// <param name="weights">Above 0, from the largest to the smallest.</param>
    /// <param name="place">What is divided.</param>
    /// <returns>A part for each weight, in the same order; together they fill the place.</returns>
    public static Rectangle[] Divide(IReadOnlyList<double> weights, Rectangle place)
    {
        var parts = new Rectangle[weights.Count];
        var scale = weights.Count == 0 ? 0 : place.Area / weights.Sum();
        for (var start = 0; start < weights.Count; )
        {
            var side = Math.Min(place.Width, place.Height);
            var count = 1;
            var area = weights[start] * scale;
            while (
                start + count < weights.Count
                && Worst(weights, start, count + 1, area + (weights[start + count] * scale), side, scale)
                    <= Worst(weights, start, count, area, side, scale)
            )
                area += weights[start + count++] * scale;
            place = LayRow(weights, parts, start, count, area, scale, place);
            start += count;
        }
        return parts;
    }

    /// <summary>
    /// The longest proportion of a row; 1 is a square. The first of a row is its largest, the last its smallest.
    /// </summary>
    private static double Worst(
        IReadOnlyList<double> weights,
        int start,
        int count,
        double area,
        double side,
        double scale
    )
    {
        var (largest, smallest) = (weights[start] * scale, weights[start + count - 1] * scale);
        return Math.Max(side * side * largest / (area * area), area * area / (side * side * smallest));
    }

    /// <summary>Lays a row along the shorter side; returns what is left.</summary>
    private static Rectangle LayRow(
        IReadOnlyList<double> weights,
        Rectangle[] parts,
        int start,
        int count,
        double area,
        double scale,
        Rectangle place
    )
    {
        var isColumn = place.Width >= place.Height;
        var thickness = area / (isColumn ? place.Height : place.Width);
        var offset = 0.0;
        for (var i = start; i < start + count; i++)
        {
            var length = weights[i] * scale / thickness;
            parts[i] = isColumn
                ? new(place.X, place.Y + offset, thickness, length)
                : new(place.X + offset, place.Y, length, thickness);
            offset += length;
        }
        return isColumn
            ? place with
            {
                X = place.X + thickness,
                Width = Math.Max(0, place.Width - thickness),
            }
            : place with
            {
                Y = place.Y + thickness,
                Height = Math.Max(0, place.Height - thickness),
            };
    }
}
