using Xunit;

namespace Recipes.Cli.Tests;

/// <summary>Completion: what the program answers to the scripts of the shells.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Theory]
    [InlineData("comp", "compose completion")]
    [InlineData("store|", "verify gc du")]
    [InlineData("store|v", "verify")]
    [InlineData("compose|", "tool-image")]
    [InlineData("build|to", "tool tool-image toolchain")]
    [InlineData("build|tool|to", "tool-image toolchain")]
    [InlineData("compose|--workspace|/nowhere|", "")]
    [InlineData("ne", "new")]
    [InlineData("new|", "")]
    [InlineData("new|verse|--a", "--archive")]
    [InlineData("files|zlib:d", "zlib:dev zlib:doc")]
    [InlineData("why|tool-image|zl", "zlib zlib:dev zlib:doc zlib:main zlib:tools")]
    [InlineData("why|tool-image|zlib|", "")]
    [InlineData("graph|--format|", "dot json mermaid svg tree")]
    [InlineData("build|--sandbox|", "bubblewrap docker")]
    [InlineData("build|--store|", "")]
    [InlineData("graph|--f", "--format")]
    [InlineData("build|--keep", "--keep-going")]
    [InlineData("run|tool-image|--|", "")]
    [InlineData("completion|", "bash zsh fish")]
    [InlineData("nonsense|", "")]
    public async Task The_last_word_is_completed(string line, string expected)
    {
        var run = await CliRun.InAsync(workspace.Path, ["__complete", "--", .. line.Split('|')]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            expected,
            string.Join(' ', run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Split('\t')[0]))
        );
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Recipes_that_can_be_read_are_offered_beside_a_faulty_one()
    {
        workspace.WriteRecipe("pkgs/half", "version = ");

        var run = await CliRun.InAsync(workspace.Path, "__complete", "--", "build", "z");

        Assert.Equal("zlib\tFor tests\n", run.Out);
    }

    [Fact]
    public async Task The_hidden_verb_is_neither_listed_nor_guessed()
    {
        Assert.DoesNotContain("__complete", (await CliRun.OfAsync("--help")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("__complete", (await CliRun.OfAsync()).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("__complete", (await CliRun.OfAsync("_complete")).Error, StringComparison.Ordinal);
        Assert.Empty((await CliRun.OfAsync("__complete", "--", "__")).Out);
    }

    [Fact]
    public async Task An_unknown_shell_is_wrong_usage()
    {
        var run = await CliRun.OfAsync("completion", "tcsh");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            "error: there is no completion for 'tcsh'; there is one for: bash, zsh, fish\nsee: recipes completion "
                + "--help\n",
            run.Error
        );
    }

    public void Dispose() => workspace.Dispose();
}
