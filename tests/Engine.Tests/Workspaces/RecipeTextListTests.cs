using System.Text;
using CsCheck;
using Recipes.Engine.Workspaces.Toml;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class RecipeTextListTests
{
    [Theory]
    [InlineData("[build]\nneeds = [\"a\"] # why\n", "[build]\nneeds = [\"a\", \"new\"] # why\n")]
    [InlineData("[build]\nneeds = [\"a\",]\n", "[build]\nneeds = [\"a\", \"new\",]\n")]
    [InlineData("[build]\nneeds = []\n", "[build]\nneeds = [\"new\"]\n")]
    [InlineData("[build]\nneeds = [ # none\n]\n", "[build]\nneeds = [\"new\" # none\n]\n")]
    [InlineData(
        "[build]\nneeds = [\n  'a', # one\n  'b', # two\n]\n",
        "[build]\nneeds = [\n  'a', # one\n  'b', # two\n  \"new\",\n]\n"
    )]
    [InlineData("[build]\nneeds = [\n\t'a' # one\n]\n", "[build]\nneeds = [\n\t'a', # one\n\t\"new\"\n]\n")]
    [InlineData("[build]\nneeds = [\n  'a']\n", "[build]\nneeds = [\n  'a', \"new\"]\n")]
    [InlineData("[build]\nneeds = [\n  'a', 'b'\n]\n", "[build]\nneeds = [\n  'a', 'b', \"new\"\n]\n")]
    [InlineData("[build]\nneeds = ['a'", "")]
    [InlineData(
        "# x\n\n[build] # y\n# z\nsystem    = 'none'\n",
        "# x\n\n[build] # y\n# z\nneeds     = [\"new\"]\nsystem    = 'none'\n"
    )]
    [InlineData("[build]\nsystem='none'", "[build]\nneeds = [\"new\"]\nsystem='none'")]
    [InlineData(
        "[build.steps]\ncompile = 'x'\n[build]\nsystem = 'none'\n",
        "[build.steps]\ncompile = 'x'\n[build]\nneeds  = [\"new\"]\nsystem = 'none'\n"
    )]
    [InlineData(
        "[build]\n[build.steps]\ncompile = 'x'\n",
        "[build]\nneeds = [\"new\"]\n[build.steps]\ncompile = 'x'\n"
    )]
    [InlineData("build = { system = 'none' }\n", "build = { needs = [\"new\"], system = 'none' }\n")]
    [InlineData("build.system = 'none'\n", "build.needs  = [\"new\"]\nbuild.system = 'none'\n")]
    public void An_item_is_added_where_a_person_would_write_it(string before, string after)
    {
        if (after.Length == 0)
        {
            Assert.Throws<EngineException>(() => Add(before));
            return;
        }
        Assert.Equal(after, Add(before));
        Assert.Equal(after.ReplaceLineEndings("\r\n"), Add(before.ReplaceLineEndings("\r\n")));
        Assert.Equal("\uFEFF" + after, Add("\uFEFF" + before));
    }

    [Fact]
    public void What_is_no_list_is_refused()
    {
        var fault = Assert.Throws<EngineException>(() => Add("[build]\nneeds = 'a'\n"));

        Assert.Equal("'needs' in [build] of x is a string, not a list", fault.Message);
    }

    [Fact]
    public void Whatever_the_list_looks_like_the_item_comes_last_and_nothing_else_is_lost()
    {
        string[] spaces = ["", " ", "\n", "\r\n  ", " # é, ] \"\n\t"];
        var space = Gen.Int[0, spaces.Length - 1].Select(x => spaces[x]);
        var list = Gen.Select(Gen.Select(space, space, (a, b) => $"{a}\"x\"{b}").Array[0, 4], space, Gen.Bool);
        list.Sample(
            (items, last, comma) =>
            {
                var end = comma && items.Length > 0 ? "," + last : last;
                var text =
                    $"[build] # here\nsystem = 'none'\nneeds = [{string.Join(',', items)}{end}] # é\n[test]\nscript "
                    + $"= 'x'";
                var read = RecipeText.Parse("x", Encoding.UTF8.GetBytes(text)).WithItem("build", "needs", "new");
                var added = Encoding.UTF8.GetString(read.Bytes);

                Assert.Equal([.. items.Select(_ => "x"), "new"], read.Strings("build", "needs").Select(x => x.Value));
                Assert.True(IsSubsequence(text, added), $"{text}\nbecame\n{added}");
            }
        );
    }

    private static string Add(string text) =>
        Encoding.UTF8.GetString(
            RecipeText.Parse("x", Encoding.UTF8.GetBytes(text)).WithItem("build", "needs", "new").Bytes
        );

    private static bool IsSubsequence(string part, string whole)
    {
        var at = 0;
        foreach (var c in whole)
        {
            if (at < part.Length && part[at] == c)
                at++;
        }
        return at == part.Length;
    }
}
