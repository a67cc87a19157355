using System.Collections.Immutable;
using Recipes.Engine.Bumping;
using Recipes.Engine.Bumping.Collections;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>outdated --json</c>.</summary>
internal sealed record OutdatedJson(ImmutableArray<OutdatedSourceJson> Sources)
{
    /// <summary>Null where the workspace uses none that is a submodule.</summary>
    public ImmutableArray<OutdatedCollectionJson>? Collections { get; init; }
}

/// <summary>A collection; newest is null where its origin could not be reached, and the problem says why.</summary>
internal sealed record OutdatedCollectionJson(
    string Collection,
    string Commit,
    string? Newest,
    bool Outdated,
    string? Problem
)
{
    public static OutdatedCollectionJson Of(CollectionStanding standing) =>
        new(
            standing.Collection,
            standing.Commit,
            standing.Newest,
            standing.IsOutdated,
            standing.Problem is { } problem ? RemedyWords.Of(problem) : null
        );
}

/// <summary>A source; newest is null where no version was found.</summary>
internal sealed record OutdatedSourceJson(
    string Recipe,
    string Version,
    string? Newest,
    bool Outdated,
    ImmutableArray<UnreachedJson> Unreached
)
{
    public static OutdatedSourceJson Of(SourceStanding standing) =>
        new(
            standing.Recipe,
            standing.Version,
            standing.Newest,
            standing.IsOutdated,
            [.. standing.Unreached.Select(UnreachedJson.Of)]
        );
}

/// <summary>The answer of <c>bump --list --json</c>.</summary>
internal sealed record VersionsJson(
    string Recipe,
    string Version,
    ImmutableArray<VersionJson> Versions,
    ImmutableArray<UnreachedJson> Unreached
);

/// <summary>A version that upstream offers, with every place that has it.</summary>
internal sealed record VersionJson(string Version, bool Prerelease, ImmutableArray<string> Places);

/// <summary>A place that could not be reached.</summary>
internal sealed record UnreachedJson(string Place, string Reason)
{
    public static UnreachedJson Of(UnreachedPlace place) => new(place.Place, RemedyWords.Of(place.Reason));
}
