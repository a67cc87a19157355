using System.Runtime.CompilerServices;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>Turns what a recipe says about places into URLs, in the order to try them.</summary>
internal sealed class Mirrors(IDebianSites sites, string snapshotService)
{
    private const string DebianScheme = "debian:";

    /// <summary>True if the place is a pool path, resolved through the host's apt configuration.</summary>
    public static bool IsPool(string place) => place.StartsWith(DebianScheme, StringComparison.Ordinal);

    /// <summary>
    /// The places of an archive: its URL, its mirrors, and for pool paths the snapshot service at the end.
    /// </summary>
    /// <param name="folder">The recipe's folder, for <c>file:</c>.</param>
    /// <param name="places">URLs and pool paths.</param>
    /// <param name="snapshot">A time as the snapshot service writes it, or null for now.</param>
    /// <param name="cancellationToken">Stops asking apt.</param>
    public async IAsyncEnumerable<Uri> ResolveAsync(
        string folder,
        IReadOnlyList<string> places,
        string? snapshot,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var place in places)
        {
            if (!IsPool(place))
            {
                yield return ToUri(folder, place);
                continue;
            }
            foreach (var site in await sites.GetAsync(cancellationToken))
                yield return new Uri($"{site}/{place[DebianScheme.Length..]}");
        }
        foreach (var place in places.Where(IsPool))
            yield return new Uri($"{snapshotService}/{snapshot ?? Snapshot.Now()}/{place[DebianScheme.Length..]}");
    }

    /// <summary>A place that is not a pool path; <c>file:</c> is relative to the recipe's folder.</summary>
    /// <exception cref="EngineException">It is not a URL.</exception>
    public static Uri ToUri(string folder, string place)
    {
        const string file = "file:";
        if (place.StartsWith(file, StringComparison.Ordinal) && !place.StartsWith("file:///", StringComparison.Ordinal))
            return new Uri(Path.GetFullPath(Path.Join(folder, place[file.Length..])));
        return Uri.TryCreate(place, UriKind.Absolute, out var uri)
            ? uri
            : throw new EngineException($"'{place}' is not a URL.");
    }
}
