using System.Collections.Immutable;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>Where this machine gets Debian packages from.</summary>
internal interface IDebianSites
{
    /// <summary>
    /// Roots of Debian archives (<c>dists/</c> and <c>pool/</c> are below), without slash at the end; none where there
    /// is no apt.
    /// </summary>
    Task<ImmutableArray<string>> GetAsync(CancellationToken cancellationToken);
}
