using System.Collections.Immutable;

namespace Recipes.Engine.Authoring;

/// <summary>What a source tree shows of itself.</summary>
/// <param name="Builds">The ways to build it, the best first; empty if none was recognised.</param>
/// <param name="Version">As its own files say; null if none does.</param>
/// <param name="Summary">One line.</param>
/// <param name="License">An SPDX expression.</param>
/// <param name="Homepage">A URL.</param>
internal sealed record SourceFacts(
    ImmutableArray<BuildPlan> Builds,
    Finding? Version,
    Finding? Summary,
    Finding? License,
    Finding? Homepage
)
{
    /// <summary>Folders that hold other projects: nothing above was read there.</summary>
    public ImmutableArray<string> Vendored { get; init; } = [];

    /// <summary>Inspects a tree; nothing of it is run.</summary>
    /// <param name="tree">The source.</param>
    /// <param name="name">The recipe's name.</param>
    /// <param name="place">The URL that it came from.</param>
    /// <exception cref="EngineException">A file cannot be read.</exception>
    public static SourceFacts Of(SourceTree tree, string name, string place)
    {
        var claims = ProjectClaims.Read(tree, name);
        return new(
            BuildPlans.Find(tree, name),
            claims.FirstOrDefault(x => x.Version is not null) is { } claim ? new(claim.Version!, claim.File) : null,
            SummaryFinder.Find(tree, claims, name),
            LicenceFinder.Find(tree, claims),
            HomepageFinder.Find(tree, claims, name, place)
        )
        {
            Vendored = tree.Vendored,
        };
    }
}
