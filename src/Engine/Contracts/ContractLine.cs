using System.Globalization;
using System.Text;

namespace Recipes.Engine.Contracts;

/// <summary>
/// The grammar of a line: <c>WORD</c>, <c>WORD NAME</c>, <c>WORD = VALUE</c> or <c>WORD NAME = VALUE</c>. A backslash
/// and control characters of names and values are written as <c>\xHH</c>, so that whatever there is in an image is one
/// line; in a name, so is an equals sign.
/// </summary>
internal static class ContractLine
{
    /// <summary>Writes a line.</summary>
    /// <param name="kind">In the form of an enum's member, <c>StopSignal</c>; it becomes <c>stop-signal</c>.</param>
    /// <param name="name">Empty for none.</param>
    /// <param name="value">Null for none.</param>
    public static string Write(string kind, string name, string? value)
    {
        var line = new StringBuilder(WordOf(kind));
        if (name.Length > 0)
            Escape(line.Append(' '), name, isName: true);
        // No blank at the end, which an editor may take away.
        if (value is not null)
            Escape(line.Append(value.Length == 0 ? " =" : " = "), value, isName: false);
        return line.ToString();
    }

    /// <summary>The parts of a line; null where it has an escape that means nothing, or a stray equals sign.</summary>
    public static (string Word, string Name, string? Value)? Read(string line)
    {
        var at = line.IndexOf(" =", StringComparison.Ordinal);
        var (left, right) = at < 0 ? (line, null) : (line[..at], line[(at + 2)..]);
        if (right is { Length: > 0 })
        {
            if (right[0] != ' ')
                return null;
            right = right[1..];
        }
        var space = left.IndexOf(' ', StringComparison.Ordinal);
        var (word, name) = space < 0 ? (left, "") : (left[..space], left[(space + 1)..]);
        return
            !left.Contains('=', StringComparison.Ordinal)
            && Unescape(name) is { } plain
            && (right is null || Unescape(right) is not null)
            ? (word, plain, right is null ? null : Unescape(right))
            : null;
    }

    /// <summary><c>StopSignal</c> → <c>stop-signal</c>.</summary>
    public static string WordOf(string kind) =>
        string.Concat(
            kind.Select((c, i) => (i > 0 && char.IsAsciiLetterUpper(c) ? "-" : "") + char.ToLowerInvariant(c))
        );

    private static void Escape(StringBuilder line, string text, bool isName)
    {
        foreach (var c in text)
        {
            if (c == '\\' || char.IsControl(c) || (isName && c == '='))
                line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                line.Append(c);
        }
    }

    private static string? Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }
            if (i + 3 >= text.Length || text[i + 1] != 'x')
                return null;
            if (
                !byte.TryParse(
                    text.AsSpan(i + 2, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var code
                )
            )
                return null;
            plain.Append((char)code);
            i += 3;
        }
        return plain.ToString();
    }
}
