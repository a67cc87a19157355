using System.Threading.Channels;
using Recipes.Engine;

namespace Recipes.Cli.Output;

/// <summary>
/// A line for every running build and download at the bottom of a terminal, redrawn in place; what ended scrolls up
/// above. The last screen stays.
/// </summary>
internal sealed class LiveRenderer : IProgressRenderer
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Channel<EngineEvent> events = Channel.CreateUnbounded<EngineEvent>(new() { SingleReader = true });
    private readonly TaskCompletionSource closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Terminal terminal;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly Task drawing;

    /// <summary>Starts to draw soon after the first event.</summary>
    public LiveRenderer(Terminal terminal, TimeProvider time)
    {
        (this.terminal, this.time, start) = (terminal, time, time.GetTimestamp());
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
        var frames = new LiveFrames(terminal);
        Take(frames);
        await PauseAsync(LiveFrames.Patience);
        AppDomain.CurrentDomain.ProcessExit += Restore;
        using var jobs = new JobControl(terminal);
        try
        {
            await DrawToEndAsync(frames);
        }
        catch (IOException)
        {
            // The terminal is gone; there is nobody to show anything.
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Restore;
        }
    }

    private async Task DrawToEndAsync(LiveFrames frames)
    {
        try
        {
            while (!closing.Task.IsCompleted)
            {
                Take(frames);
                frames.Draw(Elapsed);
                await PauseAsync(Interval);
            }
            Take(frames);
            frames.Finish(Elapsed);
        }
        finally
        {
            terminal.Finish([]);
        }
    }

    private TimeSpan Elapsed => time.GetElapsedTime(start);

    private async Task PauseAsync(TimeSpan pause) => await Task.WhenAny(closing.Task, Task.Delay(pause, time));

    private void Take(LiveFrames frames)
    {
        while (events.Reader.TryRead(out var happened))
            frames.Take(happened, Elapsed);
    }

    // A second Ctrl-C ends the process at once.
    private void Restore(object? sender, EventArgs arguments)
    {
        try
        {
            terminal.Restore();
        }
        catch (IOException)
        {
            // As above.
        }
    }
}
