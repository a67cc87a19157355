using System.Collections.Immutable;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Engine.Bumping;

/// <summary>How a source stands against what upstream offers.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Version">The version it is at.</param>
/// <param name="Newest">The newest release that was found, which may be lower; null if none was.</param>
/// <param name="Unreached">Places that did not answer.</param>
public sealed record SourceStanding(string Recipe, string Version, string? Newest, ImmutableArray<UnreachedPlace> Unreached)
{
    /// <summary>True if upstream has something newer.</summary>
    public bool IsOutdated => Newest is not null && VersionOrder.Instance.Compare(Newest, Version) > 0;

    /// <summary>Asks the upstreams of recipes, all at once.</summary>
    /// <param name="bumper">Asks.</param>
    /// <param name="recipes">Each has a source of its own.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <returns>In the order of the recipes.</returns>
    public static async Task<ImmutableArray<SourceStanding>> AskAsync(Bumper bumper, IEnumerable<Recipe> recipes, CancellationToken cancellationToken)
    {
        var standings = await Task.WhenAll(
            recipes.Select(async recipe =>
            {
                var answer = await bumper.AskAsync(recipe, cancellationToken);
                return new SourceStanding(recipe.Name, recipe.Version!, answer.Newest(recipe.Version!), answer.Unreached);
            })
        );
        return [.. standings];
    }
}
