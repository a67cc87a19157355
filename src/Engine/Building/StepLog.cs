using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine.Building;

/// <summary>
/// The log of a running build: writes what the sandbox prints to a file at once, turns step marks into readable headings
/// and into <see cref="StepStarted"/> events, and remembers the last lines.
/// </summary>
internal sealed class StepLog(string path, string package, IEngineObserver observer) : WriteOnlyStream
{
    private const int TailLines = 30;

    private readonly FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    private readonly List<byte> line = [];
    private readonly Queue<string> tail = new();

    /// <summary>The step that was announced last, or null.</summary>
    public string? Step { get; private set; }

    /// <summary>The last lines, without step marks.</summary>
    public ImmutableArray<string> Tail => [.. tail];

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var b in buffer)
        {
            line.Add(b);
            if (b == '\n')
                EndLine();
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
                if (line.Count > 0)
                    EndLine();
            }
            finally
            {
                file.Dispose();
            }
        }
        base.Dispose(disposing);
    }

    private void EndLine()
    {
        var text = Encoding.UTF8.GetString([.. line]).TrimEnd('\n', '\r');
        var mark = text.IndexOf(BuildScript.StepMark, StringComparison.Ordinal);
        if (mark >= 0)
        {
            Step = text[(mark + BuildScript.StepMark.Length)..];
            file.Write(Encoding.UTF8.GetBytes($"{text[..mark]}==> {Step}\n"));
            observer.On(new StepStarted(package, Step));
        }
        else
        {
            file.Write([.. line]);
            tail.Enqueue(text);
            if (tail.Count > TailLines)
                tail.Dequeue();
        }
        line.Clear();
    }
}
