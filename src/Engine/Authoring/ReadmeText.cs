using System.Net;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>The files in which a project introduces itself, as plain text.</summary>
internal static partial class ReadmeText
{
    /// <summary>At the top first, then in <c>doc/</c>; without those for other systems.</summary>
    public static IEnumerable<string> Files(SourceTree tree) => tree.Files.Where(x => Readme().IsMatch(x)).OrderBy(x => x.Contains('/', StringComparison.Ordinal)).ThenBy(x => x.Length);

    /// <summary>Without the marks of HTML, Markdown and quotes.</summary>
    public static string Read(SourceTree tree, string file)
    {
        var text = tree.Text(file);
        if (text.Contains("</", StringComparison.Ordinal))
            text = WebUtility.HtmlDecode(Element().Replace(Hidden().Replace(text, " "), " "));
        return Mark().Replace(Link().Replace(text, "${text}"), "");
    }

    [GeneratedRegex(@"^(?:docs?/)?(?:read-?me|index\.html)(?:\.(?:md|txt|rst|html|adoc))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Readme();

    [GeneratedRegex(@"<(?<name>style|script|head)\b.*?</\k<name>>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"</?[a-zA-Z!][^<>]*>")]
    private static partial Regex Element();

    [GeneratedRegex(@"!?\[(?<text>[^\[\]]*)\]\([^()]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[`*""]|(?<!\w)['_]|['_](?!\w)")]
    private static partial Regex Mark();
}
