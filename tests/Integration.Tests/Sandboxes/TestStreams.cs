using System.Text;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>Says when a text has been written.</summary>
internal sealed class WatchedStream(string text) : MemoryStream
{
    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Seen => seen.Task;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        if (Encoding.UTF8.GetString(ToArray()).Contains(text, StringComparison.Ordinal))
            seen.TrySetResult();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A disk with no space left.</summary>
internal sealed class FullStream : MemoryStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromException(new IOException("No space left on device"));
}
