using System.Globalization;
using System.Text;

namespace Recipes.Engine.Pictures;

/// <summary>
/// An SVG 1.1 picture that is readable on light and on dark pages: it has a ground of its own, and follows
/// <c>prefers-color-scheme</c>, also as an image in a page. The text is a pure function of what was drawn. Lengths are
/// pixels.
/// </summary>
internal sealed class SvgPicture
{
    /// <summary>The classes <c>hue0</c>, <c>hue1</c>… of boxes.</summary>
    public const int Hues = 8;

    private const string Light = """
        .ground{fill:#ffffff}.ink{fill:#1f2328}.quiet{fill:#57606a}.card{fill:#f6f8fa;stroke:#d0d7de}
        .line{fill:none;stroke:#8c959f}.strong{fill:none;stroke:#57606a}.tip{fill:#6e7781}
        .hue0{fill:#cfe3f7}.hue1{fill:#d3ecd4}.hue2{fill:#fae6c5}.hue3{fill:#f6d9e1}
        .hue4{fill:#e0daf5}.hue5{fill:#cdecea}.hue6{fill:#ece1d1}.hue7{fill:#e2e6eb}
        """;

    private const string Dark = """
        .ground{fill:#0d1117}.ink{fill:#e6edf3}.quiet{fill:#a8b3be}.card{fill:#161b22;stroke:#3d444d}
        .line{fill:none;stroke:#6e7681}.strong{fill:none;stroke:#a8b3be}.tip{fill:#848d97}
        .hue0{fill:#1d3652}.hue1{fill:#1f3f28}.hue2{fill:#483716}.hue3{fill:#4b2735}
        .hue4{fill:#362f58}.hue5{fill:#1a403f}.hue6{fill:#3f3527}.hue7{fill:#30363d}
        """;

    private readonly StringBuilder _text = new();

    /// <param name="width">Of the whole picture.</param>
    /// <param name="height">Of the whole picture.</param>
    /// <param name="title">What it shows, for those who cannot see it.</param>
    public SvgPicture(double width, double height, string title)
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Number(width)} {Number(height)}" width="{Number(
                width
            )}" height="{Number(
                height
            )}" role="img" font-family="system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif">
            <title>{Escaped(title)}</title>
            <style>
            .bold{"{"}font-weight:600{"}"}
            {Light}
            @media(prefers-color-scheme:dark){"{"}
            {Dark}
            {"}"}
            </style>
            <rect class="ground" width="{Number(width)}" height="{Number(height)}" rx="8"/>

            """
        );
    }

    /// <summary>A box; the tip appears under the pointer.</summary>
    public void Box(Rectangle place, string style, string? tip = null, double radius = 2)
    {
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{style}\" x=\"{Number(place.X)}\" y=\"{Number(place.Y)}\" "
                + $"width=\"{Number(place.Width)}\" height=\"{Number(place.Height)}\" rx=\"{Number(radius)}\""
        );
        _text.Append(tip is null ? "/>\n" : $"><title>{Escaped(tip)}</title></rect>\n");
    }

    /// <summary>What stands at the top: what is shown, and below it, smaller, a line about it.</summary>
    /// <param name="margin">From the left and from the top.</param>
    /// <param name="title">One line that fits.</param>
    /// <param name="note">One line that fits.</param>
    public void Head(double margin, string title, string note)
    {
        Text(margin, margin + 16, 20, title, "ink bold");
        Text(margin, margin + 38, 13, note, "quiet");
    }

    /// <summary>A line of text; y is its base line.</summary>
    /// <param name="x">Its left end, or its middle.</param>
    /// <param name="y">Of the base line.</param>
    /// <param name="size">Of the font.</param>
    /// <param name="text">The line.</param>
    /// <param name="style">Classes: <c>ink</c> or <c>quiet</c>, and perhaps <c>bold</c>.</param>
    /// <param name="isCentred">Whether x is its middle.</param>
    public void Text(double x, double y, double size, string text, string style, bool isCentred = false) =>
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" "
                + $"font-size=\"{Number(size)}\"{(isCentred ? " text-anchor=\"middle\"" : "")}>{Escaped(text)}</text>\n"
        );

    /// <summary>A line or curve.</summary>
    /// <param name="commands">As SVG's attribute <c>d</c> has them.</param>
    /// <param name="style">A class.</param>
    /// <param name="dashes">As <c>stroke-dasharray</c> has them; null for a solid line.</param>
    public void Path(string commands, string style, string? dashes = null) =>
        _text.Append(
            CultureInfo.InvariantCulture,
            $"<path class=\"{style}\" d=\"{commands}\"{(dashes is null ? "" : $" stroke-dasharray=\"{dashes}\"")}/>\n"
        );

    /// <summary>The whole document, with a line end.</summary>
    public override string ToString() => $"{_text}</svg>\n";

    /// <summary>With at most one digit behind the point, so that no rounding of a machine shows.</summary>
    public static string Number(double number) =>
        (Math.Round(number, 1, MidpointRounding.AwayFromZero) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Names of files may hold what XML cannot.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(
                rune.Value switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    < ' ' or 0x7F or 0xFFFE or 0xFFFF => "\uFFFD",
                    _ => rune.ToString(),
                }
            );
        }
        return escaped.ToString();
    }
}
