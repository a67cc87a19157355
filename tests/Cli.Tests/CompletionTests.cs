using Xunit;

namespace Recipes.Cli.Tests;

/// <summary>
/// Completion: what the program answers, and the scripts in the real shells, at a terminal of their own.
/// </summary>
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
    [InlineData("why|tool-image|zl", "zlib zlib:dev zlib:doc zlib:main")]
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

    // The shells run what came out of the completed line: the graph of zlib, and a need with its place.
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    public async Task A_tab_at_a_terminal_completes_recipes_and_outputs(string shell)
    {
        var start = shell == "bash" ? "bash --norc --noprofile -i" : "zsh -f -i";
        var setup = shell == "bash" ? "" : "autoload -Uz compinit && compinit -u -D; ";
        await ScriptAsync(shell);
        var said = await TypeAsync(
            start,
            $"{setup}. ../completion.{shell}\n",
            "recipes gra\tzli\t--form\tme\t\n",
            "recipes why tool-image zlib:de\t\n",
            "exit\n"
        );

        Assert.Contains("flowchart LR", said, StringComparison.Ordinal);
        Assert.DoesNotContain("tool-image[", said, StringComparison.Ordinal);
        Assert.Contains("tool needs zlib:dev ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fish_completes_recipes_and_outputs_with_their_meaning()
    {
        var script = await ScriptAsync("fish");
        var questions = """
            source $argv[1]
            complete -C 'recipes build to'
            complete -C 'recipes files zlib:de'
            complete -C 'recipes compose -o pkgs/zl'
            """;
        var run = await RunShellAsync("fish", "--no-config", "-c", questions, script);

        Assert.Equal("tool\tFor tests\ntoolchain\tFor tests\ntool-image\tFor tests\nzlib:dev\npkgs/zlib/\n", run.Out);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Each_shell_finds_its_script_well_formed(string shell)
    {
        var run = await RunShellAsync(shell, "-n", await ScriptAsync(shell));

        Assert.Equal((0, "", ""), (run.ExitCode, run.Out, run.Error));
    }

    public void Dispose() => workspace.Dispose();

    private async Task<string> ScriptAsync(string shell)
    {
        var run = await CliRun.OfAsync("completion", shell);
        Assert.Equal(0, run.ExitCode);
        return workspace.Write($"../completion.{shell}", run.Out);
    }

    private Task<CliRun> RunShellAsync(string shell, params string[] arguments) =>
        ProgramRun.OfAsync(
            shell,
            arguments,
            workspace.Path,
            ("PATH", $"{AppContext.BaseDirectory.TrimEnd('/')}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("HOME", workspace.Path)
        );

    /// <summary>Types lines at a terminal, ahead of the shell, which reads on when it is ready.</summary>
    private async Task<string> TypeAsync(string shell, params string[] lines)
    {
        var keys = workspace.Write("../keys", string.Concat(lines));
        var run = await RunShellAsync("/bin/sh", "-c", $"TERM=dumb exec script -qec '{shell}' /dev/null < '{keys}'");
        return run.Out;
    }
}
