using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>The scripts of completion in the real shells, at a terminal of their own.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly WorkspaceFolder workspace = new();

    public CompletionTests() => SampleRecipes.Write(workspace);

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
        var run = await ProgramRun.OfCliAsync(workspace.Root, "completion", shell);
        Assert.Equal(0, run.ExitCode);
        return workspace.WriteBeside($"completion.{shell}", run.Out);
    }

    private Task<ProgramRun> RunShellAsync(string shell, params string[] arguments) =>
        ProgramRun.OfAsync(
            shell,
            arguments,
            workspace.Root,
            ("PATH", $"{AppContext.BaseDirectory.TrimEnd('/')}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("HOME", workspace.Root)
        );

    /// <summary>Types lines at a terminal, ahead of the shell, which reads on when it is ready.</summary>
    private async Task<string> TypeAsync(string shell, params string[] lines)
    {
        var keys = workspace.WriteBeside("keys", string.Concat(lines));
        var run = await RunShellAsync("/bin/sh", "-c", $"TERM=dumb exec script -qec '{shell}' /dev/null < '{keys}'");
        return run.Out;
    }
}
