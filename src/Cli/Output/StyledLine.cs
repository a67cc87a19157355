using System.Collections.Immutable;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Recipes.Cli.Output;

/// <summary>One line in several colours, which can be cut to a width. No layout wraps it.</summary>
internal sealed record StyledLine : IRenderable
{
    private const string Ellipsis = "…";

    /// <summary>Nothing yet.</summary>
    public static StyledLine Empty { get; } = new();

    private ImmutableArray<Segment> Parts { get; init; } = [];

    /// <summary>Cells of a terminal that it takes.</summary>
    public int Width => Segment.CellCount(Parts);

    /// <summary>The line without its colours.</summary>
    public string Text => string.Concat(Parts.Select(x => x.Text));

    /// <summary>The line with something more at its end.</summary>
    /// <param name="text">Printable.</param>
    /// <param name="style">Null for the terminal's own.</param>
    public StyledLine Add(string text, Style? style = null) =>
        new() { Parts = Parts.Add(new(text, style ?? Style.Plain)) };

    /// <summary>The line with spaces up to a column.</summary>
    public StyledLine PadTo(int column) => Add(new string(' ', Math.Max(0, column - Width)));

    /// <summary>The line, or its beginning and an ellipsis where it takes more cells than there are.</summary>
    public StyledLine Fit(int cells)
    {
        if (Width <= cells)
            return this;
        if (cells < 1)
            return Empty;
        var (fitted, free) = (Empty, cells - Ellipsis.Length);
        foreach (var part in Parts)
        {
            if (part.CellCount() > free)
                return fitted.Add((free > 0 ? Segment.Truncate(part, free)?.Text : null) + Ellipsis, part.Style);
            fitted = fitted.Add(part.Text, part.Style);
            free -= part.CellCount();
        }
        return fitted;
    }

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => new(Width, Width);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => Parts;
}
