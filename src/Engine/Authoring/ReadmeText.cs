using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>The files in which a project introduces itself, as plain text.</summary>
internal static partial class ReadmeText
{
    private static readonly ImmutableArray<(string Start, string Close)> Hidden =
    [
        ("<style", "</style>"),
        ("<script", "</script>"),
        ("<head", "</head>"),
    ];

    /// <summary>At the top first, then in <c>doc/</c>; without those for other systems.</summary>
    public static IEnumerable<string> Files(SourceTree tree) =>
        tree
            .Files.Where(x => Readme().IsMatch(x))
            .OrderBy(x => x.Contains('/', StringComparison.Ordinal))
            .ThenBy(x => x.Length);

    /// <summary>Without the marks of HTML, Markdown and quotes.</summary>
    public static string Read(SourceTree tree, string file)
    {
        var text = tree.Text(file);
        if (text.Contains("</", StringComparison.Ordinal))
            text = WebUtility.HtmlDecode(Element().Replace(WithoutHidden(text), " "));
        return Mark().Replace(Link().Replace(text, "${text}"), "");
    }

    [GeneratedRegex(@"^(?:docs?/)?(?:read-?me|index\.html)(?:\.(?:md|txt|rst|html|adoc))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Readme();

    /// <summary>
    /// Without what no browser shows. By hand, since what is never closed would be looked for anew from each place.
    /// </summary>
    private static string WithoutHidden(string text)
    {
        var shown = new StringBuilder(text.Length);
        var unclosed = new HashSet<string>(StringComparer.Ordinal);
        var from = 0;
        for (
            var at = text.IndexOf('<', StringComparison.Ordinal);
            at >= 0;
            at = at + 1 < text.Length ? text.IndexOf('<', at + 1) : -1
        )
        {
            if (HiddenAt(text, at) is not var (start, close) || unclosed.Contains(close))
                continue;
            var end = text.IndexOf(close, at + start.Length, StringComparison.OrdinalIgnoreCase);
            if (end < 0)
            {
                unclosed.Add(close);
                continue;
            }
            shown.Append(text, from, at - from).Append(' ');
            from = end + close.Length;
            at = from - 1;
        }
        return shown.Append(text, from, text.Length - from).ToString();
    }

    private static (string Start, string Close)? HiddenAt(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("<!--"))
            return ("<!--", "-->");
        foreach (var (start, close) in Hidden)
        {
            if (
                rest.StartsWith(start, StringComparison.OrdinalIgnoreCase)
                && (
                    rest.Length == start.Length
                    || !(char.IsLetterOrDigit(rest[start.Length]) || rest[start.Length] == '_')
                )
            )
                return (start, close);
        }
        return null;
    }

    [GeneratedRegex(@"</?[a-zA-Z!][^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Element();

    [GeneratedRegex(@"!?\[(?<text>[^\[\]]*)\]\([^()]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    // Looks behind and ahead by one character, so it does not go back.
    [GeneratedRegex(@"[`*""]|(?<!\w)['_]|['_](?!\w)")]
    private static partial Regex Mark();
}
