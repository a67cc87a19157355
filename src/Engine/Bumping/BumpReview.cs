using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Patching;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Engine.Bumping;

/// <summary>A package that is built again.</summary>
/// <param name="Package">Its name.</param>
/// <param name="Seconds">Wall time of its last build on this machine; null if it never was.</param>
internal sealed record Rebuild(string Package, double? Seconds);

/// <summary>What a bump changes.</summary>
internal sealed record BumpReview
{
    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The pin that it replaces.</summary>
    public required Pin Before { get; init; }

    /// <summary>The new pin.</summary>
    public required Pin After { get; init; }

    /// <summary>Where the new source came from: a URL, a file that was given, or a tag of a repository.</summary>
    public required string Origin { get; init; }

    /// <summary>
    /// True if the archive was given, so that nothing shows that the recipe's places have the same bytes.
    /// </summary>
    public bool IsGiven { get; init; }

    /// <summary>The strings of recipes that change.</summary>
    public required ImmutableArray<RecipeEdit> Edits { get; init; }

    /// <summary>Places that could not be asked for versions.</summary>
    public ImmutableArray<UnreachedPlace> Unreached { get; init; } = [];

    /// <summary>What upstream changed; null if the old source is no longer available.</summary>
    public UpstreamChanges? Upstream { get; init; }

    /// <summary>Why the old source is not available; null if it could.</summary>
    public MessageText? UpstreamUnknown { get; init; }

    /// <summary>Patches that no longer apply; then the bump cannot be made.</summary>
    public ImmutableArray<FailedPatch> FailedPatches { get; init; } = [];

    /// <summary>What is built again at most, in the order of building.</summary>
    public required ImmutableArray<Rebuild> Rebuilds { get; init; }

    /// <summary>The images that hold any of it.</summary>
    public required ImmutableArray<string> Images { get; init; }

    /// <summary>What building showed; null if nothing was built.</summary>
    public BumpBuild? Built { get; init; }
}
