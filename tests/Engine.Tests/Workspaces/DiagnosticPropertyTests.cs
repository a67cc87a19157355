using CsCheck;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Whatever a person does to a recipe, faults are told, at places that exist, and nothing is thrown.</summary>
public class DiagnosticPropertyTests
{
    private const string Good =
        "name = \"zlib\"\nversion = \"1.3\"\nlicense = \"MIT OR Zlib\"\n\n[source]\narchive = "
        + "\"https://example.org/{version}\"\n"
        + "include = { a = \"b\" }\n\n[build]\nneeds = [\"perl:main\", \"m4\"]\nsystem = \"make\"\nlimits.memory = "
        + "\"8GB\"\n"
        + "[build.steps]\ncompile = \"\"\"\nmake\n\"\"\"\n[outputs]\nserver = "
        + "[\"usr/{bin,lib}/**\"]\n[[waivers]]\ncheck = \"soname\"\n"
        + "path = \"usr/*\"\nreason = \"é😀\"\n";

    private static readonly Gen<string> Edits = Gen.OneOf(
        Gen.Char["[]{}\"'=,.#\n\t :/*é\0"].Select(x => x.ToString()),
        Gen.OneOf(
            "",
            "\"\"\"",
            "😀",
            "[[",
            "= 1",
            "{version}",
            "\r\n",
            "[image]\n",
            "a.b.c = 1\n",
            "99999999999999999999"
        )
    );

    private static readonly Gen<string> Recipes = Gen.Select(Gen.Int[0, Good.Length], Gen.Int[0, 8], Edits)
        .Array[1, 4]
        .Select(edits => edits.Aggregate(Good, (text, edit) => Edit(text, edit.Item1, edit.Item2, edit.Item3)));

    [Fact]
    public void The_recipe_to_begin_with_is_good() => Assert.Empty(Reading.Faults(Good));

    [Fact]
    public void Every_fault_has_a_place_that_exists() =>
        Recipes.Sample(
            text =>
            {
                var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
                foreach (var fault in Reading.Read(text).Diagnostics)
                {
                    var span = fault.Span!;
                    Assert.Equal(lines[span.Line - 1], span.LineText);
                    Assert.InRange(span.Column, 1, span.LineText.Length + 1);
                    Assert.True(span.Length >= 1);
                    Assert.DoesNotContain('\n', fault.Message);
                    Assert.Equal(3, fault.ToString().Split('\n').Length);
                }
            },
            iter: 5_000
        );

    [Fact]
    public void A_recipe_without_faults_is_read_the_same_with_other_line_ends() =>
        Recipes
            .Where(x => !x.Contains('\r', StringComparison.Ordinal))
            .Sample(text =>
                Assert.Equal(Reading.Faults(text), Reading.Faults(text.Replace("\n", "\r\n", StringComparison.Ordinal)))
            );

    [Theory]
    [InlineData("[", 69)]
    [InlineData("{a=", 197)]
    public void Absurd_nesting_is_a_fault(string open, int column) =>
        Assert.Equal(
            [$"1:{column}: lists and tables are nested deeper than 64 here"],
            Reading.Faults("a = " + string.Concat(Enumerable.Repeat(open, 100_000)))
        );

    private static string Edit(string text, int place, int removed, string added)
    {
        place = Math.Min(place, text.Length);
        return text[..place] + added + text[Math.Min(text.Length, place + removed)..];
    }
}
