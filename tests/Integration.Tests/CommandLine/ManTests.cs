using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>The manual page, judged by mandoc.</summary>
public sealed class ManTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    [Fact]
    public async Task Mandoc_finds_no_fault_in_it()
    {
        var run = await ProgramRun.OfAsync("mandoc", ["-T", "lint", "-W", "warning", await PageAsync()], folder.Path);

        Assert.Equal((0, "", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task It_shows_every_command_option_and_key()
    {
        var run = await ProgramRun.OfAsync("mandoc", ["-T", "utf8", "-O", "width=200", await PageAsync()], folder.Path);
        // Bold is a letter printed over itself.
        var page = System.Text.RegularExpressions.Regex.Replace(run.Out, ".\b", "");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("recipes compose IMAGE\n", page, StringComparison.Ordinal);
        Assert.Contains("recipes graph [NAME ...]\n", page, StringComparison.Ordinal);
        Assert.Contains("recipes store gc", page, StringComparison.Ordinal);
        Assert.Contains("--output, -o FILE", page, StringComparison.Ordinal);
        Assert.Contains("--keep-going, -k", page, StringComparison.Ordinal);
        Assert.Contains("[build.limits]\n", page, StringComparison.Ordinal);
        Assert.Contains("system (string; required without 'like')\n", page, StringComparison.Ordinal);
        Assert.Contains(
            "hard-links (string, one of keep, symlink; \"keep\" by default)\n",
            page,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("__complete", page, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> PageAsync()
    {
        var run = await ProgramRun.OfCliAsync(folder.Path, "man");
        Assert.Equal(0, run.ExitCode);
        return folder.Write("recipes.1", run.Out);
    }
}
