using System.Threading.Channels;
using Recipes.Engine;
using Spectre.Console;

namespace Recipes.Cli.Output;

/// <summary>
/// A line for every running build and download at the bottom of a terminal, redrawn in place; what ended scrolls up above.
/// The last screen stays.
/// </summary>
internal sealed class LiveRenderer : IProgressRenderer
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(125);

    private readonly Channel<EngineEvent> events = Channel.CreateUnbounded<EngineEvent>(new() { SingleReader = true });
    private readonly TaskCompletionSource closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAnsiConsole console;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly Task drawing;
    private BuildProgress progress = BuildProgress.None;

    /// <summary>Starts to draw with the first event.</summary>
    public LiveRenderer(IAnsiConsole console, TimeProvider time)
    {
        (this.console, this.time, start) = (console, time, time.GetTimestamp());
        drawing = Task.Run(DrawAsync);
    }

    /// <inheritdoc/>
    public void On(EngineEvent happened) => events.Writer.TryWrite(happened);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        events.Writer.TryComplete();
        closing.TrySetResult();
        await drawing;
    }

    private async Task DrawAsync()
    {
        if (!await events.Reader.WaitToReadAsync())
            return;
        await console.Live(View()).StartAsync(async live =>
        {
            for (var isLast = false; !isLast; await Task.WhenAny(closing.Task, Task.Delay(Redraw, time)))
            {
                isLast = closing.Task.IsCompleted;
                Take();
                live.UpdateTarget(View());
            }
        });
    }

    private void Take()
    {
        while (events.Reader.TryRead(out var happened))
        {
            progress = progress.After(happened, time.GetElapsedTime(start));
            foreach (var line in ProgressView.Lasting(happened, progress))
                console.Write(line);
        }
    }

    private Rows View() =>
        ProgressView.Of(progress, time.GetElapsedTime(start), console.Profile.Width, console.Profile.Height);
}
