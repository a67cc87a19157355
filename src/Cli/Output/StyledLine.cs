using System.Collections.Immutable;

namespace Recipes.Cli.Output;

/// <summary>One line in several colours, which can be cut to a width.</summary>
internal sealed record StyledLine
{
    /// <summary>Nothing yet.</summary>
    public static StyledLine Empty { get; } = new();

    private ImmutableArray<(string Text, string Code)> Parts { get; init; } = [];

    /// <summary>Cells that it takes.</summary>
    public int Width => Parts.Sum(x => Cells.Of(x.Text));

    /// <summary>The line with something more at its end.</summary>
    /// <param name="text">One line, printable.</param>
    /// <param name="code">The parameter of its SGR sequence; empty for the terminal's own colour.</param>
    public StyledLine Add(string text, string code = "") => new() { Parts = Parts.Add((text, code)) };

    /// <summary>The line with spaces up to a column.</summary>
    public StyledLine PadTo(int column) => Add(new string(' ', Math.Max(0, column - Width)));

    /// <summary>The line, or its beginning and an ellipsis where it takes more cells than there are.</summary>
    public string Fit(int cells)
    {
        if (Width <= cells)
            return ToString();
        var (text, free) = ("", cells);
        foreach (var part in Parts)
        {
            // Of a part that would leave no cell for the ellipsis, the end is cut off too.
            if (Cells.Of(part.Text) >= free)
                return text + Sgr.Wrap(part.Code, Cells.Cut(part.Text + "…", free));
            text += Sgr.Wrap(part.Code, part.Text);
            free -= Cells.Of(part.Text);
        }
        return text;
    }

    /// <summary>All of it.</summary>
    public override string ToString() => string.Concat(Parts.Select(x => Sgr.Wrap(x.Code, x.Text)));
}
