using Recipes.Cli.Output;
using Recipes.Engine.Building;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class LiveRendererTests : IDisposable
{
    private readonly VtScreen screen = new(100, 24);
    private readonly Terminal terminal;

    public LiveRendererTests() => terminal = new(screen, () => new(screen.Columns, screen.Rows));

    [Fact]
    public async Task Events_of_any_thread_reach_the_screen_and_their_ends_stay()
    {
        await using (var renderer = new LiveRenderer(terminal, TimeProvider.System))
            foreach (var happened in BuildStory.Events)
                renderer.On(happened);

        Assert.Contains("✓ zlib built in 12 s", screen.History);
        Assert.Contains("✗ perl failed in 3 min 05 s", screen.History);
        Assert.Contains("  | cc [src/a.c]", screen.History);
        Assert.True(screen.ShowsCursor);
    }

    [Fact]
    public async Task Without_any_event_nothing_is_drawn()
    {
        await using (new LiveRenderer(terminal, TimeProvider.System)) { }

        Assert.Equal(0, screen.Writes);
    }

    [Fact]
    public async Task The_cursor_is_back_when_drawing_fails()
    {
        using var failing = new Terminal(screen, () => throw new InvalidOperationException("no size"));
        failing.Draw(["a frame"], [], new(100, 24));

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var renderer = new LiveRenderer(failing, TimeProvider.System);
            renderer.On(new StepStarted("zlib", "compile"));
            while (!screen.ShowsCursor)
                await Task.Delay(10, TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task A_terminal_that_is_gone_ends_no_build()
    {
        await using var gone = new Gone();
        await using var lost = new Terminal(gone, () => TerminalSize.Default);
        await using var renderer = new LiveRenderer(lost, TimeProvider.System);
        foreach (var happened in BuildStory.Events)
            renderer.On(happened);

        await renderer.DisposeAsync();
    }

    public void Dispose()
    {
        terminal.Dispose();
        screen.Dispose();
    }

    private sealed class Gone : StringWriter
    {
        public override void Write(string? value) => throw new IOException("Input/output error");
    }
}
