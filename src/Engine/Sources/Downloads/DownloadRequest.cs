using System.Diagnostics.CodeAnalysis;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>What to download.</summary>
/// <param name="Name">For events and messages.</param>
/// <param name="Expected">SHA-256 and size; empty where they are not known yet.</param>
/// <param name="Key">Names the download while it is in progress, also for other processes.</param>
/// <param name="Places">Absolute <c>https:</c>, <c>http:</c> or <c>file:</c> URLs in the order to try them.</param>
/// <param name="Limit">How many bytes it may have where its size is not known yet.</param>
internal sealed record DownloadRequest(
    string Name,
    Digest Expected,
    string Key,
    IAsyncEnumerable<Uri> Places,
    long Limit
)
{
    /// <summary>
    /// Judges the file of a place before the store takes it, and throws <see cref="PlaceException"/> where it is not
    /// right.
    /// </summary>
    public Func<Uri, string, CancellationToken, Task>? Check { get; init; }

    /// <summary>How many bytes it may have.</summary>
    public long MaximumLength => Expected.IsEmpty ? Limit : Expected.Size;
}

/// <summary>One place failed for good; the message is one clause.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It does not leave the downloader.")]
internal sealed class PlaceException(string message, Exception? inner = null) : Exception(message, inner);
