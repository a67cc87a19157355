using CsCheck;
using Recipes.Cli.Output;
using Spectre.Console;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class StyledLineTests
{
    private static readonly Style Green = new(Color.Green);
    private static readonly Style Grey = new(Color.Grey);

    [Theory]
    [InlineData("zlib", 4)]
    [InlineData("größe", 5)]
    [InlineData("gro\u0308ße", 5)]
    [InlineData("世界", 4)]
    [InlineData("▸ ↓ … ━", 7)]
    [InlineData("", 0)]
    public void A_text_takes_as_many_cells_as_a_terminal_gives_it(string text, int cells) =>
        Assert.Equal(cells, StyledLine.Empty.Add(text).Width);

    [Theory]
    [InlineData("postgres", 8, "postgres")]
    [InlineData("postgres", 7, "postgr…")]
    [InlineData("世界", 4, "世界")]
    [InlineData("世界", 3, "世…")]
    [InlineData("世界", 2, "…")]
    [InlineData("postgres", 1, "…")]
    [InlineData("postgres", 0, "")]
    public void What_is_too_wide_ends_with_an_ellipsis(string text, int cells, string expected) =>
        Assert.Equal(expected, StyledLine.Empty.Add(text).Fit(cells).Text);

    [Fact]
    public void No_line_takes_more_cells_than_there_are_and_none_is_cut_without_need() =>
        Gen.Select(Gen.String[0, 12].Select(Printable.Line).Array[0, 4], Gen.Int[0, 40])
            .Sample(
                (parts, cells) =>
                {
                    var line = parts.Aggregate(StyledLine.Empty, (x, part) => x.Add(part, Grey));
                    var fitted = line.Fit(cells);
                    return fitted.Width <= cells && (fitted.Text == line.Text || line.Width > cells);
                }
            );

    [Fact]
    public void A_cut_line_keeps_its_colours()
    {
        var line = StyledLine.Empty.Add("green ", Green).Add("plain ").Add("grey", Grey);

        Assert.Equal("\e[32mgreen \e[0mplain \e[90mgrey\e[0m", Ansi(line.Fit(16)));
        Assert.Equal("\e[32mgreen \e[0mplain \e[90mgr…\e[0m", Ansi(line.Fit(15)));
        Assert.Equal("\e[32mgreen \e[0mplain…", Ansi(line.Fit(12)));
        Assert.Equal("\e[32mgreen…\e[0m", Ansi(line.Fit(6)));
    }

    private static string Ansi(StyledLine line)
    {
        var settings = new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Out = new AnsiConsoleOutput(TextWriter.Null),
        };
        return AnsiConsole.Create(settings).ToAnsi(line);
    }
}
