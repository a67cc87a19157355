using System.Collections.Immutable;
using Recipes.Engine.Bumping;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>outdated --json</c>.</summary>
internal sealed record OutdatedJson(ImmutableArray<OutdatedSourceJson> Sources);

/// <summary>A source; newest is null where no version was found.</summary>
internal sealed record OutdatedSourceJson(string Recipe, string Version, string? Newest, bool Outdated, ImmutableArray<UnreachedPlace> Unreached)
{
    public static OutdatedSourceJson Of(SourceStanding standing) =>
        new(standing.Recipe, standing.Version, standing.Newest, standing.IsOutdated, standing.Unreached);
}

/// <summary>The answer of <c>bump --list --json</c>.</summary>
internal sealed record VersionsJson(string Recipe, string Version, ImmutableArray<VersionJson> Versions, ImmutableArray<UnreachedPlace> Unreached);

/// <summary>A version that upstream offers, with every place that has it.</summary>
internal sealed record VersionJson(string Version, bool Prerelease, ImmutableArray<string> Places);
