using CsCheck;
using Recipes.Cli.Output;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("\e[2J\e[1;1Hgone", "gone")]
    [InlineData("a\r\nb", "a b")]
    [InlineData("bell\a", "bell?")]
    [InlineData("cut\e[31", "cut")]
    [InlineData("cut\e", "cut")]
    public void Escape_sequences_vanish_and_control_characters_are_marked(string text, string expected) =>
        Assert.Equal(expected, Printable.Line(text));

    [Fact]
    public void Lines_and_tabs_stay_where_several_lines_are_shown() =>
        Assert.Equal("a\n\tb", Printable.Lines("a\n\t\e[1mb\e[0m"));

    [Fact]
    public void No_text_leaves_a_control_character_in_a_line() =>
        Gen.String.Sample(text => Assert.DoesNotContain(Printable.Line(text), char.IsControl));
}
