using System.Globalization;
using System.Text;
using Wcwidth;

namespace Recipes.Cli.Output;

/// <summary>How many cells of a terminal a text takes: none for a combining mark, two for a wide character.</summary>
internal static class Cells
{
    private const char Ellipsis = '…';

    /// <summary>The cells of a text without control characters.</summary>
    public static int Of(string text) => Ascii.IsValid(text) ? text.Length : Clusters(text).Sum(Width);

    /// <summary>The text, or its beginning and an ellipsis where it takes more cells than there are.</summary>
    public static string Cut(string text, int cells)
    {
        if (Of(text) <= cells)
            return text;
        if (cells < 1)
            return "";
        var (cut, free) = (new StringBuilder(), cells - 1);
        foreach (var cluster in Clusters(text))
        {
            if ((free -= Width(cluster)) < 0)
                break;
            cut.Append(cluster);
        }
        return cut.Append(Ellipsis).ToString();
    }

    private static IEnumerable<string> Clusters(string text)
    {
        var clusters = StringInfo.GetTextElementEnumerator(text);
        while (clusters.MoveNext())
            yield return clusters.GetTextElement();
    }

    // What is joined into one picture (an emoji of several) is as wide as its widest part.
    private static int Width(string cluster) =>
        cluster.EnumerateRunes().Select(x => Math.Max(0, UnicodeCalculator.GetWidth(x))).DefaultIfEmpty().Max();
}
