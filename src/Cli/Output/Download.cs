using System.Collections.Immutable;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Cli.Output;

/// <summary>A download that goes on.</summary>
internal sealed record Download
{
    /// <summary>
    /// The rate is that of the last seconds, so that it neither jumps nor forgets that the network changed.
    /// </summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private ImmutableArray<(TimeSpan At, long Bytes)> Samples { get; init; } = [];

    /// <summary>What was heard last.</summary>
    public required DownloadProgress Last { get; init; }

    /// <summary>The download after one more event.</summary>
    /// <param name="before">Where it stood, or null if it begins.</param>
    /// <param name="progress">The event.</param>
    /// <param name="now">On the renderer's clock.</param>
    public static Download After(Download? before, DownloadProgress progress, TimeSpan now)
    {
        // From another place it may begin anew.
        var isSame = before is not null && before.Last.Url == progress.Url && before.Last.Bytes <= progress.Bytes;
        var samples = isSame ? before!.Samples : [];
        return new()
        {
            Last = progress,
            Samples = samples.RemoveRange(0, Base(samples, now)).Add((now, progress.Bytes)),
        };
    }

    /// <summary>Bytes a second; null in its first second.</summary>
    public double? Rate(TimeSpan now)
    {
        var (at, bytes) = Samples[Base(Samples, now)];
        return (now - at).TotalSeconds >= 1 ? (Last.Bytes - bytes) / (now - at).TotalSeconds : null;
    }

    /// <summary>How long it will still take at this rate; null where that is not known.</summary>
    public TimeSpan? Remaining(TimeSpan now) =>
        Last.Total is { } total && Rate(now) is >= 1 and var rate
            ? TimeSpan.FromSeconds((total - Last.Bytes) / rate)
            : null;

    // The last sample from before the window, else the first.
    private static int Base(ImmutableArray<(TimeSpan At, long Bytes)> samples, TimeSpan now) =>
        Math.Max(0, samples.Count(x => x.At <= now - Window) - 1);
}
