using Recipes.Cli.Output;
using Recipes.Engine.Building;
using Spectre.Console;
using Spectre.Console.Testing;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class LiveRendererTests
{
    [Fact]
    public async Task What_ended_and_the_last_screen_stay()
    {
        using var console = Terminal(100);
        await using (var renderer = new LiveRenderer(console, TimeProvider.System))
            foreach (var happened in BuildStory.Events)
                renderer.On(happened);

        Assert.Contains("✓ zlib built in 12 s", console.Output, StringComparison.Ordinal);
        Assert.Contains("✗ perl failed in 3 min 05 s", console.Output, StringComparison.Ordinal);
        Assert.Contains("  | cc [src/a.c]", console.Output, StringComparison.Ordinal);
        Assert.Contains("4/4 packages  1 built, 1 cached, 1 failed, 1 skipped", console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\a', console.Output);
    }

    [Fact]
    public async Task Without_any_event_nothing_is_drawn()
    {
        using var console = Terminal(80);
        await using (new LiveRenderer(console, TimeProvider.System)) { }

        Assert.Empty(console.Output);
    }

    [Fact]
    public void Running_builds_show_step_elapsed_and_expected_time()
    {
        using var console = Terminal(90);
        console.Write(ProgressView.Of(MidWay(), TimeSpan.FromSeconds(7), 90, 24));

        Golden.Matches("live.txt", console.Output);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(43)]
    [InlineData(60)]
    public void No_line_is_as_wide_as_the_terminal(int width)
    {
        using var console = Terminal(width);
        console.Write(ProgressView.Of(MidWay(), TimeSpan.FromSeconds(7), width, 24));

        Assert.Equal(5, console.Lines.Count);
        Assert.All(console.Lines, line => Assert.True(line.Length < width, line));
    }

    [Fact]
    public void More_builds_than_fit_the_terminal_are_counted()
    {
        var progress = BuildProgress.None.After(new PlanMade([.. Names()]), default);
        foreach (var name in Names())
            progress = progress.After(new PackageStateChanged(name, BuildState.Running), default);

        using var console = Terminal(80);
        console.Write(ProgressView.Of(progress, TimeSpan.FromSeconds(1), 80, 8));

        Assert.Equal(7, console.Lines.Count);
        Assert.Contains("… and 15 more", console.Output, StringComparison.Ordinal);

        static IEnumerable<string> Names() => Enumerable.Range(10, 20).Select(x => $"package-{x}");
    }

    private static TestConsole Terminal(int width)
    {
        var console = new TestConsole();
        console.Interactive().Width(width);
        return console;
    }

    private static BuildProgress MidWay() =>
        BuildStory.Events.Take(12).Aggregate(BuildProgress.None, (progress, x) => progress.After(x, TimeSpan.FromSeconds(2)));
}
