using System.Text;

namespace Recipes.Engine.Sources.Releases;

/// <summary>
/// A version, or a part of one, as it stands in a longer text: 1.2 is in <c>x-1.2.tar</c>, and neither in <c>11.2</c>
/// nor in <c>1.2.5</c>.
/// </summary>
internal static class Token
{
    /// <summary>Exchanges every occurrence that is not part of a longer number or word.</summary>
    public static string Replace(string text, string token, string by)
    {
        if (token.Length == 0)
            return text;
        var result = new StringBuilder();
        var from = 0;
        for (
            var at = text.IndexOf(token, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(token, at + 1, StringComparison.Ordinal)
        )
        {
            if (at < from || !StartsAt(text, at) || !EndsAt(text, at + token.Length))
                continue;
            result.Append(text, from, at - from).Append(by);
            from = at + token.Length;
        }
        return result.Append(text, from, text.Length - from).ToString();
    }

    // A letter may stand before, as in v1.2.
    private static bool StartsAt(string text, int at) =>
        at == 0
        || !(char.IsAsciiDigit(text[at - 1]) || (text[at - 1] == '.' && at > 1 && char.IsAsciiDigit(text[at - 2])));

    private static bool EndsAt(string text, int end) =>
        end == text.Length
        || !(
            char.IsAsciiLetterOrDigit(text[end])
            || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))
        );
}
