using System.Collections.Immutable;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Releases;

/// <summary>A version that upstream offers.</summary>
/// <param name="Version">As upstream counts.</param>
/// <param name="Place">The tag, or the file or folder on a page, with the place that it was found at.</param>
/// <param name="PoolTemplate">Where it is a file of Debian's pool: its place as a recipe would write it.</param>
internal sealed record FoundVersion(string Version, string Place, string? PoolTemplate = null);

/// <summary>A place that could not be reached.</summary>
/// <param name="Place">A URL, or one of Debian's lists.</param>
/// <param name="Reason">One clause.</param>
internal sealed record UnreachedPlace(string Place, MessageText Reason);

/// <summary>What upstream offers, as far as its places could be asked.</summary>
/// <param name="Versions">The newest first; one version may be at several places.</param>
/// <param name="Unreached">Places that did not answer.</param>
internal sealed record UpstreamAnswer(ImmutableArray<FoundVersion> Versions, ImmutableArray<UnreachedPlace> Unreached)
{
    /// <summary>
    /// The newest release; where the given version precedes a release itself, the newest of all. Null if nothing was
    /// found.
    /// </summary>
    public string? Newest(string current) =>
        Versions
            .Select(x => x.Version)
            .FirstOrDefault(x => VersionOrder.IsPrerelease(current) || !VersionOrder.IsPrerelease(x));
}
