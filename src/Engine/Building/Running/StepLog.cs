using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;

namespace Recipes.Engine.Building.Running;

/// <summary>
/// The log of a running build: writes what the sandbox prints to a file at once, turns step marks into readable
/// headings and into <see cref="StepStarted"/> events, and remembers the last lines. The file gets every byte, but of a
/// line no more than its beginning is kept in memory.
/// </summary>
internal sealed class StepLog(string path, string package, IEngineObserver observer) : WriteOnlyStream
{
    private const int TailLines = 30;

    /// <summary>In bytes: what of a longer line comes later is passed on at once.</summary>
    private const int MaxLine = 1 << 16;

    /// <summary>In characters: what of a line is remembered.</summary>
    private const int MaxShown = 2000;

    /// <summary>A build has a handful; who prints more marks means no steps.</summary>
    private const int MaxSteps = 1000;

    private static readonly byte[] Mark = Encoding.UTF8.GetBytes(BuildScript.StepMark);

    private readonly FileStream file = new(
        path,
        FileMode.Create,
        FileAccess.Write,
        FileShare.ReadWrite | FileShare.Delete
    );
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly Queue<string> tail = new();
    private string? beginning;
    private long passedOn;
    private int steps;

    /// <summary>The step that was announced last, or null.</summary>
    public string? Step { get; private set; }

    /// <summary>The last lines, without step marks; of long ones the beginning.</summary>
    public ImmutableArray<string> Tail => [.. tail];

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var end = buffer[..Math.Min(buffer.Length, MaxLine)].IndexOf((byte)'\n');
            var piece = buffer[..(end < 0 ? Math.Min(buffer.Length, MaxLine) : end + 1)];
            buffer = buffer[piece.Length..];
            line.Write(piece);
            if (end >= 0)
                EndLine();
            else if (line.WrittenCount > MaxLine)
                PassOn();
        }
        file.Flush();
    }

    /// <inheritdoc/>
    public override void Flush() => file.Flush();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                if (line.WrittenCount > 0 || passedOn > 0)
                    EndLine();
            }
            finally
            {
                file.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    /// <summary>Writes what there is of a long line, but for what may be the beginning of a mark.</summary>
    private void PassOn()
    {
        var text = line.WrittenSpan;
        var mark = text.LastIndexOf(Mark[0]);
        var kept = mark >= 0 && text.Length - mark <= MaxShown ? text[mark..].ToArray() : [];
        text = text[..^kept.Length];
        beginning ??= Shown(text);
        passedOn += text.Length;
        file.Write(text);
        line.ResetWrittenCount();
        line.Write(kept);
    }

    private void EndLine()
    {
        var text = line.WrittenSpan;
        var mark = steps < MaxSteps ? text.IndexOf(Mark) : -1;
        if (mark >= 0)
        {
            Step = Excerpt.Of(Encoding.UTF8.GetString(text[(mark + Mark.Length)..]).TrimEnd('\n', '\r'));
            steps++;
            file.Write(text[..mark]);
            file.Write(Encoding.UTF8.GetBytes($"==> {Step}\n"));
            observer.On(new StepStarted(package, Step));
        }
        else
        {
            file.Write(text);
            tail.Enqueue(
                beginning is null ? Shown(text) : $"{beginning} [{passedOn + text.TrimEnd("\r\n"u8).Length} bytes]"
            );
            if (tail.Count > TailLines)
                tail.Dequeue();
        }
        line.ResetWrittenCount();
        (beginning, passedOn) = (null, 0);
    }

    private static string Shown(ReadOnlySpan<byte> line)
    {
        // A character has four bytes at most.
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4 * MaxShown)]).TrimEnd('\n', '\r');
        return text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "…");
    }
}
