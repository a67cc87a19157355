using System.Text;
using CsCheck;
using Recipes.Engine.Workspaces.Toml;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class RecipeTextTests
{
    private const string Recipe = """
        # zlib, the "1.3.1" one
        name     = "zlib"
        version  = "1.3.1"     # as of today: "1.3.1"

        [source]
        archive  = 'https://x.org/zlib-1.3.1.tar.gz' # é𐍈
        mirrors  = [
            "https://y.org/zlib-1.3.1.tar.gz",  # one
            "debian:pool/main/z/zlib/zlib_{version}.orig.tar.gz",
        ]
        [build.steps]
        install = '''
        echo "1.3.1"
        '''
        """;

    private static string Edit(string text, string table, string key, params string[] values)
    {
        var read = RecipeText.Parse("x", Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(read.With(read.Strings(table, key).Zip(values)).Bytes);
    }

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "")]
    [InlineData("\n", "\uFEFF")]
    [InlineData("\r\n", "\uFEFF")]
    public void Only_the_string_changes_whatever_line_ends_and_mark_there_are(string lineEnd, string mark)
    {
        var text = mark + Recipe.ReplaceLineEndings(lineEnd);

        Assert.Equal(
            text.Replace("= \"1.3.1\"  ", "= \"1.3.2\"  ", StringComparison.Ordinal),
            Edit(text, "", "version", "1.3.2")
        );
        Assert.Equal(
            text.Replace("x.org/zlib-1.3.1", "x.org/z-2", StringComparison.Ordinal),
            Edit(text, "source", "archive", "https://x.org/z-2.tar.gz")
        );
    }

    [Fact]
    public void Strings_of_a_list_change_each_for_itself() =>
        Assert.Equal(
            Recipe
                .Replace("https://y.org/zlib-1.3.1.tar.gz", "https://y.org/a", StringComparison.Ordinal)
                .Replace("debian:pool/main/z/zlib/zlib_{version}.orig.tar.gz", "b", StringComparison.Ordinal),
            Edit(Recipe, "source", "mirrors", "https://y.org/a", "b")
        );

    [Theory]
    [InlineData("version = \"1\"", "version = \"2\"")]
    [InlineData("version = '1'", "version = '2'")]
    [InlineData("version = \"\"\"1\"\"\"", "version = \"\"\"2\"\"\"")]
    [InlineData("version = '''1'''", "version = '''2'''")]
    [InlineData("version=\"\\u0031\"#x", "version=\"2\"#x")]
    public void The_quotes_stay(string before, string after) => Assert.Equal(after, Edit(before, "", "version", "2"));

    [Theory]
    [InlineData("it's")]
    [InlineData("a \"b\" \\ c\n\u0001")]
    public void What_needs_escapes_is_read_back_as_it_was(string value)
    {
        var edited = RecipeText.Parse("x", Encoding.UTF8.GetBytes(Edit("version = '1'\n", "", "version", value)));

        Assert.Equal(value, Assert.Single(edited.Strings("", "version")).Value);
    }

    [Fact]
    public void The_same_value_leaves_every_byte() =>
        Assert.Equal("version = \"\\u0031\"", Edit("version = \"\\u0031\"", "", "version", "1"));

    [Fact]
    public void What_is_not_there_is_none()
    {
        var text = RecipeText.Parse("x", Encoding.UTF8.GetBytes("version = 1\n[source]\n"));

        Assert.Empty(text.Strings("", "version"));
        Assert.Empty(text.Strings("source", "archive"));
        Assert.Empty(text.Strings("build", "steps"));
    }

    [Fact]
    public void A_file_that_is_not_TOML_is_told_with_its_place()
    {
        var fault = Assert.Throws<EngineException>(() =>
            RecipeText.Parse("pkgs/x/recipe.toml", "version = \n"u8.ToArray())
        );

        Assert.StartsWith(
            "pkgs/x/recipe.toml:1:11: error: this is not TOML: the value is missing",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Any_comment_and_spacing_around_a_value_survives() =>
        Gen.Select(Gen.Char[" \t#=é\"'[1"].Array[0, 12], Gen.OneOf("\n", "\r\n"), Gen.OneOf("\"", "'"))
            .Sample(
                (comment, lineEnd, quote) =>
                {
                    var around = $"# {new string(comment)}{lineEnd}version\t =  ";
                    var after = $" \t# {new string(comment)}{lineEnd}[source] {lineEnd}";
                    Assert.Equal(
                        $"{around}{quote}2.0{quote}{after}",
                        Edit($"{around}{quote}1.10{quote}{after}", "", "version", "2.0")
                    );
                }
            );
}
