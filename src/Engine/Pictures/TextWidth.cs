using System.Text;

namespace Recipes.Engine.Pictures;

/// <summary>
/// How wide a text may get. The font is the viewer's, so widths are those of DejaVu Sans, the widest of the usual ones:
/// what fits with them fits everywhere.
/// </summary>
internal static class TextWidth
{
    private const int Widest = 100;

    /// <summary>
    /// Advance widths of the characters from the space to the tilde, in hundredths of the font's size.
    /// </summary>
    private static ReadOnlySpan<byte> Ascii =>
        [
            32,
            41,
            46,
            84,
            64,
            96,
            78,
            28,
            40,
            40,
            50,
            84,
            32,
            37,
            32,
            34,
            64,
            64,
            64,
            64,
            64,
            64,
            64,
            64,
            64,
            64,
            34,
            34,
            84,
            84,
            84,
            54,
            100,
            69,
            69,
            70,
            77,
            64,
            58,
            78,
            76,
            30,
            30,
            66,
            56,
            87,
            75,
            79,
            61,
            79,
            70,
            64,
            62,
            74,
            69,
            99,
            69,
            62,
            69,
            40,
            34,
            40,
            84,
            50,
            50,
            62,
            64,
            55,
            64,
            62,
            36,
            64,
            64,
            28,
            28,
            58,
            28,
            98,
            64,
            62,
            64,
            64,
            42,
            53,
            40,
            64,
            60,
            82,
            60,
            60,
            53,
            64,
            34,
            64,
            84,
        ];

    /// <summary>In pixels, at this font size in pixels.</summary>
    public static double Of(string text, double size)
    {
        var hundredths = 0;
        foreach (var rune in text.EnumerateRunes())
            hundredths += rune.Value is >= ' ' and <= '~' ? Ascii[rune.Value - ' '] : Widest;
        return hundredths * size / 100;
    }

    /// <summary>
    /// The text, or as much of its beginning as fits with an ellipsis behind it; null if that is next to nothing.
    /// </summary>
    public static string? Fit(string text, double size, double width)
    {
        const int LeastLetters = 4;
        if (Of(text, size) <= width)
            return text;
        var shortened = new StringBuilder();
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Of($"{shortened}{rune}…", size) > width)
                break;
            shortened.Append(rune);
            letters++;
        }
        return letters < LeastLetters ? null : $"{shortened}…";
    }
}
