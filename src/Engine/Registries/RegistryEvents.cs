namespace Recipes.Engine.Registries;

/// <summary>How a blob came to be at the registry.</summary>
public enum BlobArrival
{
    /// <summary>It was there.</summary>
    Present,

    /// <summary>The registry took it over from another of its repositories.</summary>
    Mounted,

    /// <summary>It was sent.</summary>
    Sent,
}

/// <summary>A blob is being sent; reported a few times a second.</summary>
/// <param name="Name">The layer's package, or <c>configuration</c>.</param>
/// <param name="Bytes">How many the registry has, as far as we know.</param>
/// <param name="Total">How many there are.</param>
public sealed record BlobProgress(string Name, long Bytes, long Total) : EngineEvent;

/// <summary>A blob is at the registry.</summary>
/// <param name="Name">As in <see cref="BlobProgress"/>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Arrival">How it came there.</param>
/// <param name="From">The repository that it was mounted from, or null.</param>
public sealed record BlobPushed(string Name, long Bytes, BlobArrival Arrival, string? From) : EngineEvent;

/// <summary>A request failed in a way that may pass, and is tried again after a pause.</summary>
/// <param name="Name">As in <see cref="BlobProgress"/>, or <c>manifest</c> or the registry's host.</param>
/// <param name="Reason">One clause.</param>
/// <param name="Pause">How long.</param>
public sealed record RequestRetried(string Name, string Reason, TimeSpan Pause) : EngineEvent;
