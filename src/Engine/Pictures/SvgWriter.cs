using Recipes.Engine.Graph;
using Recipes.Engine.Graph.Layout;
using Recipes.Engine.Model;

namespace Recipes.Engine.Pictures;

/// <summary>
/// Draws a graph as SVG, from who depends at the top to what everything starts from at the bottom. To keep it calm, an
/// arrow that follows from others is left out, and whose source a recipe takes is said in its box.
/// </summary>
internal static class SvgWriter
{
    private const double Margin = 24;
    private const double RowHeight = 84;
    private const double BoxHeight = 40;
    private const double Gap = 18;
    private const double WaypointWidth = 6;
    private const double FontSize = 13;
    private const double NoteSize = 10.5;
    private const double LegendHeight = 34;
    private const double LeastWidth = 470;

    public static string Write(GraphPart part)
    {
        var links = part.Links.Values.SelectMany(x => x).ToList();
        var sources = links.Where(x => x.Kind == DependencyKind.Source).ToLookup(x => x.From, x => x.To);
        var boxes = part
            .Recipes.Where(x => !IsOnlySource(x, links))
            .Select(x => new Box(x, Note(x, sources[x.Name])))
            .ToList();
        var numbers = boxes.Index().ToDictionary(x => x.Item.Recipe.Name, x => x.Index, StringComparer.Ordinal);
        var drawn = links
            .Where(x => x.Kind != DependencyKind.Source)
            .ToLookup(x => (numbers[x.From], numbers[x.To]), x => x.Kind);
        var order = RowOrder.Of(new LayeredGraph(boxes.Count, drawn.Select(x => x.Key)));
        double Width(Spot x) => x.Node is { } node ? boxes[node].Width : WaypointWidth;
        var places = RowPlacement.Place(order.Rows, Width, Gap);
        var width = places.Select(x => x.Value + (Width(x.Key) / 2)).DefaultIfEmpty(0).Max();
        var height = (Math.Max(1, order.Rows.Length) - 1) * RowHeight + BoxHeight;
        var shift = Margin + Math.Max(0, (LeastWidth - width) / 2);
        var picture = new SvgPicture(
            Math.Max(width, LeastWidth) + (2 * Margin),
            height + (2 * Margin) + LegendHeight,
            Title(part)
        );
        Point PointOf(Spot x) => new(places[x] + shift, Margin + ((order.Rows.Length - 1 - x.Row) * RowHeight));
        var ports = new EdgePorts(order.Ways, x => places[x], Width);
        foreach (var way in order.Ways)
            Arrow(picture, way, PointOf, ports, Dashes(drawn[(way[0].Node!.Value, way[^1].Node!.Value)]));
        foreach (var spot in order.Rows.SelectMany(x => x).Where(x => x.Node is not null))
            boxes[spot.Node!.Value].Draw(picture, PointOf(spot));
        Legend(picture, height + (2 * Margin) + 6);
        return picture.ToString();
    }

    private readonly record struct Point(double X, double Y);

    /// <summary>A recipe as it is drawn.</summary>
    private sealed record Box(Recipe Recipe, string? Note)
    {
        private const double Padding = 12;

        public double Width =>
            Math.Max(TextWidth.Of(Recipe.Name, FontSize) * 1.08, Note is null ? 0 : TextWidth.Of(Note, NoteSize))
            + (2 * Padding);

        public void Draw(SvgPicture picture, Point top)
        {
            var place = new Rectangle(top.X - (Width / 2), top.Y, Width, BoxHeight);
            var (style, radius) = Recipe switch
            {
                ImageRecipe => ("hue0", 6),
                SeedRecipe => ("hue2", BoxHeight / 2),
                { Area: RecipeArea.Toolchain } => ("hue7", 6),
                _ => ("hue1", 6),
            };
            picture.Box(place, style, $"{Recipe.Name} {Recipe.Version}".TrimEnd() + $": {Recipe.Summary}", radius);
            picture.Text(top.X, top.Y + (Note is null ? 25 : 18), FontSize, Recipe.Name, "ink", isCentred: true);
            if (Note is not null)
                picture.Text(top.X, top.Y + 32, NoteSize, Note, "quiet", isCentred: true);
        }
    }

    /// <summary>A recipe that others only take the source of is named in their boxes.</summary>
    private static bool IsOnlySource(Recipe recipe, List<GraphLink> links) =>
        recipe is SourceRecipe && links.Exists(x => x.To == recipe.Name);

    private static string? Note(Recipe recipe, IEnumerable<string> sources)
    {
        var names = string.Join(", ", sources);
        if (names.Length == 0)
            return null;
        return recipe.WrittenSource?.From is null ? $"with {names}" : $"source of {names}";
    }

    private static string Title(GraphPart part) => $"What {string.Join(", ", part.Roots)} depends on";

    /// <summary>The strongest of an edge's kinds says how it is drawn.</summary>
    private static string? Dashes(IEnumerable<DependencyKind> kinds) =>
        kinds.Min(x =>
            x is DependencyKind.Need or DependencyKind.Inclusion or DependencyKind.Member ? 0
            : x is DependencyKind.Requirement ? 1
            : 2
        ) switch
        {
            0 => null,
            1 => "6 3",
            _ => "1.5 3",
        };

    private static void Arrow(
        SvgPicture picture,
        List<Spot> way,
        Func<Spot, Point> pointOf,
        EdgePorts ports,
        string? dashes
    )
    {
        const double Head = 6;
        var start = pointOf(way[0]);
        var (x, y) = (start.X + ports.Out(way), start.Y + BoxHeight);
        var path = $"M{SvgPicture.Number(x)} {SvgPicture.Number(y)}";
        foreach (var spot in way.Skip(1))
        {
            var isLast = spot == way[^1];
            var to = pointOf(spot);
            to = isLast ? new(to.X + ports.In(way), to.Y - Head) : to;
            var middle = (y + to.Y) / 2;
            path += $"C{Pair(x, middle)} {Pair(to.X, middle)} {Pair(to.X, to.Y)}";
            (x, y) = (to.X, to.Y);
            if (!isLast)
                path += $"V{SvgPicture.Number(y += BoxHeight)}";
        }
        picture.Path(path, dashes is null ? "strong" : "line", dashes);
        picture.Path($"M{Pair(x - 3.5, y)}L{Pair(x + 3.5, y)}L{Pair(x, y + Head)}Z", "tip");
    }

    private static string Pair(double x, double y) => $"{SvgPicture.Number(x)} {SvgPicture.Number(y)}";

    private static void Legend(SvgPicture picture, double y)
    {
        var x = Margin;
        foreach (
            var (text, dashes) in (ReadOnlySpan<(string, string?)>)
                [("needs, includes", null), ("needs at run time", "6 3"), ("is built in a root of", "1.5 3")]
        )
        {
            picture.Path($"M{Pair(x, y)}H{SvgPicture.Number(x + 26)}", dashes is null ? "strong" : "line", dashes);
            picture.Text(x + 33, y + 4, 11, text, "quiet");
            x += 33 + TextWidth.Of(text, 11) + 18;
        }
    }
}
