using System.Text.RegularExpressions;
using Xunit;

namespace Recipes.Cli.Tests.Documents;

/// <summary>What the formatter leaves alone: comments and texts that are too wide.</summary>
public sealed partial class LayoutTests
{
    private const int Width = 120;

    [Fact]
    public void Only_text_in_a_literal_goes_past_the_last_column()
    {
        var folders = new[] { "src", "tests" }.Select(x => Path.Join(Checkout.Root, x));
        var files = folders.SelectMany(x => Directory.EnumerateFiles(x, "*.cs", SearchOption.AllDirectories)).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(x => TooWide(File.ReadAllLines(x)).Select(line => $"{x}:{line}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("// ")]
    public void A_line_that_is_too_wide_is_found(string start) =>
        Assert.Equal([2], TooWide(["\"" + new string('x', Width) + "\"", start + new string('x', Width + 1)]));

    private static IEnumerable<int> TooWide(string[] lines)
    {
        var isRaw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var wasRaw = isRaw;
            isRaw ^= lines[i].Split("\"\"\"").Length % 2 == 0;
            if (!wasRaw && !isRaw && Text().Replace(lines[i], "").Length > Width)
                yield return i + 1;
        }
    }

    [GeneratedRegex(
        """"
            """.*?"""(?!")|"(\\.|[^"\\])*"
            """"
    )]
    private static partial Regex Text();
}
