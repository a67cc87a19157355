using System.Globalization;

namespace Recipes.Engine.Content;

/// <summary>Texts of strangers in messages: as long as a message can bear, and on one line.</summary>
internal static class Excerpt
{
    private const int Longest = 200;

    /// <summary>The text, cut where it is too long.</summary>
    public static string Of(string text) =>
        OnOneLine(text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…"));

    /// <summary>With escapes in place of line breaks and a terminal's commands.</summary>
    public static string OnOneLine(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(x => char.IsControl(x) ? Escaped(x) : x.ToString()))
            : text;

    private static string Escaped(char c) =>
        c switch
        {
            '\n' => "\\n",
            '\t' => "\\t",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
}
