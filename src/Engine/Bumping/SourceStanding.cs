using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Engine.Bumping;

/// <summary>How a source stands against what upstream offers.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Version">The version it is at.</param>
/// <param name="Newest">The newest release that was found, which may be lower; null if none was.</param>
/// <param name="Unreached">Places that did not answer.</param>
internal sealed record SourceStanding(
    string Recipe,
    string Version,
    string? Newest,
    ImmutableArray<UnreachedPlace> Unreached
)
{
    /// <summary>True if upstream has something newer.</summary>
    public bool IsOutdated => Newest is not null && VersionOrder.Instance.Compare(Newest, Version) > 0;

    /// <summary>Asks the upstreams of sources, all at once.</summary>
    /// <param name="bumper">Asks.</param>
    /// <param name="sources">Whose upstreams to ask.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <returns>In the order of the sources.</returns>
    public static async Task<ImmutableArray<SourceStanding>> AskAsync(
        Bumper bumper,
        IEnumerable<OwnSource> sources,
        CancellationToken cancellationToken
    )
    {
        var standings = await Task.WhenAll(
            sources.Select(async source =>
            {
                var answer = await bumper.AskAsync(source, cancellationToken);
                return new SourceStanding(source.Name, source.Version, answer.Newest(source.Version), answer.Unreached);
            })
        );
        return [.. standings];
    }
}
