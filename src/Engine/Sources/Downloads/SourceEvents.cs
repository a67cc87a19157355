namespace Recipes.Engine.Sources.Downloads;

/// <summary>A download goes on; reported a few times a second.</summary>
/// <param name="Name">The recipe's name; of a seed, with the package's file name.</param>
/// <param name="Bytes">How many are here.</param>
/// <param name="Total">How many there are, or null if the server does not say.</param>
/// <param name="Url">Where they come from.</param>
internal sealed record DownloadProgress(string Name, long Bytes, long? Total, string Url) : EngineEvent;

/// <summary>A download is whole, verified and in the store.</summary>
/// <param name="Name">As in <see cref="DownloadProgress"/>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Url">Where it came from.</param>
internal sealed record DownloadFinished(string Name, long Bytes, string Url) : EngineEvent;

/// <summary>One place of an archive failed; the next is tried.</summary>
/// <param name="Name">As in <see cref="DownloadProgress"/>.</param>
/// <param name="Url">The place.</param>
/// <param name="Reason">One clause.</param>
internal sealed record DownloadRefused(string Name, string Url, string Reason) : EngineEvent;

/// <summary>A source or seed was unpacked into the store and is what the lock says.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Files">Files and links.</param>
/// <param name="Elapsed">Wall time of unpacking.</param>
internal sealed record SourceUnpacked(string Name, int Files, TimeSpan Elapsed) : EngineEvent;

/// <summary>
/// The package lists of a Debian suite are read without a check of their signature, as was asked for.
/// </summary>
/// <param name="Suite">The suite.</param>
internal sealed record SuiteUnchecked(string Suite) : EngineEvent;
