using System.Text;

namespace Recipes.Cli.Output;

/// <summary>
/// Makes text from outside safe to show: logs and file names may hold anything, also what moves the cursor.
/// </summary>
internal static class Printable
{
    /// <summary>
    /// One line: line ends and control characters become spaces or <c>?</c>, escape sequences vanish.
    /// </summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Several lines: line ends and tabs stay.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        if (!text.Any(char.IsControl))
            return text;
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\e')
                i = EndOfSequence(text, i);
            else if (!char.IsControl(text[i]) || (keepLines && text[i] is '\n' or '\t'))
                clean.Append(text[i]);
            else if (text[i] != '\r')
                clean.Append(text[i] is '\n' or '\t' ? ' ' : '?');
        return clean.ToString();
    }

    // ECMA-48 5.4: CSI, parameters (0x30-0x3F), intermediates (0x20-0x2F), one final byte (0x40-0x7E).
    private static int EndOfSequence(string text, int start)
    {
        if (start + 1 >= text.Length || text[start + 1] != '[')
            return Math.Min(start + 1, text.Length - 1);
        var end = start + 2;
        while (end < text.Length && text[end] is >= ' ' and <= '?')
            end++;
        return Math.Min(end, text.Length - 1);
    }
}
