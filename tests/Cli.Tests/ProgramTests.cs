using Xunit;

namespace Recipes.Cli.Tests;

/// <summary>The program as a process of its own: what only shows there.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Fact]
    public async Task Exit_codes_reach_the_shell()
    {
        Assert.Equal(0, (await ProgramRun.OfCliAsync(workspace.Path, "graph")).ExitCode);
        Assert.Equal(1, (await ProgramRun.OfCliAsync(workspace.Path, "check")).ExitCode);
        Assert.Equal(2, (await ProgramRun.OfCliAsync(workspace.Path, "chek")).ExitCode);
    }

    [Fact]
    public async Task The_version_is_a_line()
    {
        var run = await ProgramRun.OfCliAsync(workspace.Path, "--version");

        Assert.Matches(@"^\d+\.\d+\.\d+\n$", run.Out);
    }

    [Fact]
    public async Task A_reader_that_goes_away_early_is_no_internal_error()
    {
        var program = WorkspaceFolder.Program;
        var run = await ProgramRun.OfAsync("/bin/sh", ["-c", "\"$0\" graph --json | true", program], workspace.Path);

        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workspace.Dispose();
}
