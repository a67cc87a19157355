using Recipes.Engine;
using Spectre.Console;

namespace Recipes.Cli.Output;

/// <summary>
/// What of a plan is on the terminal at which time: nothing of one that ends at once, a frame that changes when
/// something happened or a second went by, and at last its end.
/// </summary>
/// <param name="terminal">Shows it.</param>
internal sealed class LiveFrames(Terminal terminal)
{
    // Turns lines into text with as many colours as the terminal has; what is written where and when, the terminal
    // knows.
    private readonly IAnsiConsole console = AnsiConsole.Create(
        new() { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(TextWriter.Null) }
    );
    private readonly List<string> above = [];
    private BuildProgress progress = BuildProgress.None;
    private TimeSpan? begun;
    private TerminalSize drawnFor;
    private long drawnSecond;
    private bool isDrawn;
    private bool hasChanged;

    /// <summary>How long a plan runs before it is shown.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes an event that happened now.</summary>
    public void Take(EngineEvent happened, TimeSpan now)
    {
        begun ??= now;
        progress = progress.After(happened, now);
        above.AddRange(ProgressView.Lasting(happened, progress).Select(console.ToAnsi));
        hasChanged = true;
    }

    /// <summary>Draws what there is to see now, if it is another thing than before.</summary>
    public void Draw(TimeSpan now)
    {
        if (begun is not { } start || now - start < Patience)
            return;
        var (size, second) = (terminal.Size, (long)now.TotalSeconds);
        if (isDrawn && !hasChanged && size == drawnFor && second == drawnSecond)
            return;
        string[] lines = [.. ProgressView.Of(progress, now, size).Select(console.ToAnsi)];
        // What was drawn before is erased by the size as it is now, and making lines takes a while.
        while (terminal.Size is var current && current != size)
            (size, lines) = (current, [.. ProgressView.Of(progress, now, current).Select(console.ToAnsi)]);
        if (!terminal.Draw(lines, above, size))
            return;
        above.Clear();
        (isDrawn, hasChanged, drawnFor, drawnSecond) = (true, false, size, second);
    }

    /// <summary>Leaves the end of the plan on the terminal.</summary>
    public void Finish(TimeSpan now) =>
        terminal.Finish([.. above, .. isDrawn ? ProgressView.Last(progress, now).Select(console.ToAnsi) : []]);
}
