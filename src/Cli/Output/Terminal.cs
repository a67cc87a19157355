using System.Text;

namespace Recipes.Cli.Output;

/// <summary>
/// A terminal of which the last lines may be a <em>frame</em> that is redrawn in place. All else that is written goes
/// above the frame and stays.
/// </summary>
/// <remarks>
/// The cursor rests, hidden, at the first cell of the frame. So a redraw need not know how many rows the frame takes:
/// on a terminal that was made narrower and wraps old lines anew, that is anyone's guess, while the cursor keeps its
/// place in the text. (Rows that a terminal has moved into its scrollback by then, as tmux does with those above a
/// screen that is not full, no program can take back.) Each change is one write, between the marks of a synchronized
/// update (private mode 2026).
/// </remarks>
/// <param name="screen">Takes the text; what is written at once shall reach the terminal at once.</param>
/// <param name="size">Asks how large it is now.</param>
internal sealed class Terminal(TextWriter screen, Func<TerminalSize> size) : TextWriter
{
    private const string Begin = "\e[?2026h";
    private const string End = "\e[?2026l";
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string ClearLine = "\e[K";
    private const string ClearBelow = "\e[J";
    private const int BufferSize = 1 << 16;

    private readonly Lock gate = new();
    private readonly StringBuilder partial = new();
    private IReadOnlyList<string> frame = [];
    private TerminalSize drawnFor;
    private bool isSuspended;

    /// <summary>As it is now.</summary>
    public TerminalSize Size => size();

    /// <inheritdoc/>
    public override Encoding Encoding => screen.Encoding;

    /// <summary>The terminal that is this process's error stream.</summary>
    public static Terminal OfStandardError()
    {
        // The console's own writer cuts what it is given into many small writes.
#pragma warning disable CA2000 // It is open as long as the process is.
        var writer = new StreamWriter(Console.OpenStandardError(), Console.Error.Encoding, BufferSize)
        {
            AutoFlush = true,
        };
#pragma warning restore CA2000
        return new(writer, TerminalSize.OfStandardError);
    }

    /// <summary>Shows a frame in the place of the one before. Nothing is written if nothing changed.</summary>
    /// <param name="lines">Each narrower than the terminal, and fewer than it has rows.</param>
    /// <param name="above">What goes above the frame and stays; it may be wider.</param>
    /// <param name="current">The size that the frame was made for.</param>
    /// <returns>False while the process is suspended: nothing was shown.</returns>
    public bool Draw(IReadOnlyList<string> lines, IReadOnlyList<string> above, TerminalSize current)
    {
        lock (gate)
        {
            if (isSuspended)
                return false;
            var isEmpty = lines.Count + frame.Count + above.Count == 0;
            if (!isEmpty && (above.Count > 0 || current != drawnFor || !lines.SequenceEqual(frame)))
                Redraw(lines, above, clearsFirst: above.Count > 0 || current != drawnFor);
            drawnFor = current;
            return true;
        }
    }

    /// <summary>Takes the frame away, leaves these lines in its place, and gives the cursor back.</summary>
    public void Finish(IEnumerable<string> lasting)
    {
        lock (gate)
            Leave(lasting);
    }

    /// <summary>
    /// Leaves the frame as it is, gives the cursor back, and draws no more: for a process that ends while others still
    /// draw.
    /// </summary>
    public void Restore()
    {
        // A thread that hangs in a write to the terminal must not hold up the end.
        if (!gate.TryEnter(TimeSpan.FromSeconds(1)))
            return;
        try
        {
            Leave(frame);
            isSuspended = true;
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>
    /// Takes the frame away until <see cref="Resume"/>, and gives the cursor to whoever is in the foreground.
    /// </summary>
    public void Suspend()
    {
        lock (gate)
        {
            Leave([]);
            isSuspended = true;
        }
    }

    /// <summary>The process is in the foreground again; the next frame is drawn where the cursor is.</summary>
    public void Resume()
    {
        lock (gate)
            isSuspended = false;
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write(new string(value, 1));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        lock (gate)
        {
            if (frame.Count == 0)
            {
                screen.Write(value);
                return;
            }
            var lines = partial.Append(value).ToString().Split('\n');
            partial.Clear().Append(lines[^1]);
            if (lines.Length > 1)
                Redraw(frame, lines[..^1], clearsFirst: true);
        }
    }

    /// <inheritdoc/>
    public override void Flush() => screen.Flush();

    private void Redraw(IReadOnlyList<string> lines, IReadOnlyList<string> above, bool clearsFirst)
    {
        var text = new StringBuilder(Begin);
        if (frame.Count == 0)
            text.Append(HideCursor);
        else
            // A line is overwritten and its rest cleared, unless it may wrap: then clearing its rest could take its
            // last cell.
            text.Append('\r').Append(clearsFirst ? ClearBelow : "");
        foreach (var line in above)
            text.Append(line).Append("\r\n");
        text.AppendJoin(ClearLine + "\r\n", lines).Append(ClearBelow);
        if (lines.Count > 1)
            text.Append("\e[").Append(lines.Count - 1).Append('A');
        screen.Write(text.Append('\r').Append(lines.Count == 0 ? ShowCursor : "").Append(End).ToString());
        frame = [.. lines];
    }

    private void Leave(IEnumerable<string> lasting)
    {
        var text = new StringBuilder();
        if (frame.Count > 0)
            text.Append(Begin).Append('\r').Append(ClearBelow);
        foreach (var line in lasting)
            text.Append(line).Append("\r\n");
        if (frame.Count > 0)
            text.Append(partial).Append(ShowCursor).Append(End);
        if (text.Length > 0)
            screen.Write(text.ToString());
        partial.Clear();
        (frame, drawnFor) = ([], default);
    }
}
