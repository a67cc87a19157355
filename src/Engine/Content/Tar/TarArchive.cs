using System.Formats.Tar;

namespace Recipes.Engine.Content.Tar;

/// <summary>
/// Reads a tar archive entry by entry. No other place calls the reader of System.Formats.Tar, which throws whatever its
/// arithmetic runs into: here all of it becomes one exception that says which entry is damaged, and how.
/// </summary>
/// <param name="archive">Not closed.</param>
internal sealed class TarArchive(Stream archive) : IDisposable, IAsyncDisposable
{
    private readonly TarReader reader = new(new TarHeaderGuard(archive), leaveOpen: true);
    private string? last;

    /// <summary>The next entry; null at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or no tar archive.</exception>
    public TarEntry? Next()
    {
        try
        {
            return Checked(reader.GetNextEntry());
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    /// <summary>The next entry; null at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or no tar archive.</exception>
    public async ValueTask<TarEntry?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Checked(await reader.GetNextEntryAsync(copyData: false, cancellationToken));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    public void Dispose() => reader.Dispose();

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private TarEntry? Checked(TarEntry? entry)
    {
        if (entry is null)
            return null;
        if (entry.LinkName.Contains('\0', StringComparison.Ordinal))
            throw new InvalidDataException($"the target of the link '{Shown(entry.Name)}' holds a zero byte");
        last = entry.Name;
        return entry;
    }

    /// <summary>
    /// What comes from below the reader keeps its meaning: an interruption, a disk that fails, a limit.
    /// </summary>
    private static bool IsDamage(Exception e) =>
        e
            is InvalidDataException
                or EndOfStreamException
                or FormatException
                or ArithmeticException
                or ArgumentException
                or InvalidOperationException
                or NotSupportedException
                or IndexOutOfRangeException
                or KeyNotFoundException
                or OutOfMemoryException;

    private InvalidDataException Damaged(Exception e)
    {
        var place = last is null ? "its first entry" : $"the entry after '{Shown(last)}'";
        var reason = e switch
        {
            EndOfStreamException => "is cut off",
            OverflowException or ArgumentOutOfRangeException => "has a number out of range in its header",
            OutOfMemoryException => "has too long a header",
            InvalidDataException => $"is damaged: {e.Message.TrimEnd('.')}",
            _ => "has a malformed header",
        };
        return new($"{place} {reason}", e);
    }

    private static string Shown(string name) => Excerpt.Of(name);
}
