namespace Recipes.Engine.Images;

/// <summary>How a blob came to a registry or a daemon.</summary>
internal enum BlobArrival
{
    /// <summary>It was there.</summary>
    Present,

    /// <summary>The registry took it over from another of its repositories.</summary>
    Mounted,

    /// <summary>It was sent.</summary>
    Sent,
}

/// <summary>A blob is being sent to a registry or a daemon; reported a few times a second.</summary>
/// <param name="Name">The layer's package, or <c>configuration</c>.</param>
/// <param name="Bytes">How many have arrived, as far as we know.</param>
/// <param name="Total">How many there are.</param>
internal sealed record BlobProgress(string Name, long Bytes, long Total) : EngineEvent;

/// <summary>A blob is at a registry or a daemon.</summary>
/// <param name="Name">As in <see cref="BlobProgress"/>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Arrival">How it came there.</param>
/// <param name="From">The repository that it was mounted from, or null.</param>
internal sealed record BlobArrived(string Name, long Bytes, BlobArrival Arrival, string? From) : EngineEvent;

/// <summary>A layer is being compressed, or an archive written; reported every few megabytes.</summary>
/// <param name="Name">The layer's package, or the file.</param>
/// <param name="Bytes">How many have been taken.</param>
/// <param name="Total">How many there are.</param>
internal sealed record WriteProgress(string Name, long Bytes, long Total) : EngineEvent;

/// <summary>A layer or an archive is written, or given up.</summary>
/// <param name="Name">As in <see cref="WriteProgress"/>.</param>
internal sealed record WriteEnded(string Name) : EngineEvent;
