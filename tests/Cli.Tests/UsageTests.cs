using Recipes.Engine.Workspaces.Keys;
using Xunit;

namespace Recipes.Cli.Tests;

public sealed class UsageTests
{
    [Fact]
    public async Task A_misspelt_command_is_answered_with_the_nearest_one()
    {
        var run = await CliRun.OfAsync("docter");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: unknown command 'docter'; did you mean 'doctor'?\nsee: recipes --help\n", run.Error);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_word_that_resembles_nothing_gets_no_guess()
    {
        var run = await CliRun.OfAsync("frobnicate");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: unknown command 'frobnicate'\nsee: recipes --help\n", run.Error);
    }

    [Fact]
    public async Task A_misspelt_option_is_answered_with_the_nearest_one_also_with_a_value()
    {
        var run = await CliRun.OfAsync("doctor", "--stroe=/tmp");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            "error: unknown option '--stroe=/tmp'; did you mean '--store'?\nsee: recipes doctor --help\n",
            run.Error
        );
    }

    [Fact]
    public async Task No_command_at_all_lists_the_commands()
    {
        var run = await CliRun.OfAsync();

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("recipes needs a command: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("doctor", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("99999999999")]
    public async Task Jobs_must_be_a_number_above_zero(string word)
    {
        var run = await CliRun.OfAsync("doctor", $"--jobs={word}");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"error: '{word}' is not a number above 0\nsee: recipes doctor --help\n", run.Error);
    }

    [Fact]
    public async Task An_unknown_sandbox_in_the_variable_is_wrong_usage_too()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = CliRun.Host(Path.GetTempPath(), output, error) with
        {
            Variable = x => x == "RECIPES_SANDBOX" ? "chroot" : null,
        };

        Assert.Equal(2, await CommandLine.RunAsync(["doctor"], host));
        Assert.Equal(
            "error: RECIPES_SANDBOX: unknown sandbox 'chroot'; there are: bubblewrap, docker\n",
            error.ToString()
        );
    }

    [Fact]
    public async Task An_unknown_sandbox_is_wrong_usage_and_names_the_known_ones()
    {
        var run = await CliRun.OfAsync("doctor", "--sandbox", "chroot");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            "error: unknown sandbox 'chroot'; there are: bubblewrap, docker\nsee: recipes doctor --help\n",
            run.Error
        );
    }

    [Fact]
    public async Task Help_goes_to_the_standard_output_and_is_no_error()
    {
        var run = await CliRun.OfAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("--keep-going", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("compsoe", "compose")]
    [InlineData("buidl", "build")]
    [InlineData("biuld", "build")]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_within_a_slip_or_two(string written, string? expected) =>
        Assert.Equal(expected, Suggestion.Nearest(written, ["build", "compose", "check", "run"]));
}
