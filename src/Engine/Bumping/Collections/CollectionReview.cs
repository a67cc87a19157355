using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Bumping.Collections;

/// <summary>What moving a collection to another commit changes.</summary>
internal sealed record CollectionReview
{
    /// <summary>The collection's name.</summary>
    public required string Collection { get; init; }

    /// <summary>The commit it is at: 40 hexadecimal digits.</summary>
    public required string Before { get; init; }

    /// <summary>The commit to move to.</summary>
    public required string After { get; init; }

    /// <summary>How many commits come.</summary>
    public required int Ahead { get; init; }

    /// <summary>How many are left behind; none if it only goes forward.</summary>
    public required int Behind { get; init; }

    /// <summary>What is wrong with the workspace as it would be; then the move is not made.</summary>
    public ImmutableArray<Diagnostic> Faults { get; init; } = [];

    /// <summary>The collection's recipes that differ, by name.</summary>
    public ImmutableArray<RecipeChange> Recipes { get; init; } = [];

    /// <summary>Recipes of the workspace that take the place of one that changes.</summary>
    public ImmutableArray<LaggingReplacement> Lagging { get; init; } = [];

    /// <summary>What is built again at most, in the order of building.</summary>
    public ImmutableArray<Rebuild> Rebuilds { get; init; } = [];

    /// <summary>The images that hold any of it.</summary>
    public ImmutableArray<string> Images { get; init; } = [];

    /// <summary>What building showed; null if nothing was built.</summary>
    public BumpBuild? Built { get; init; }
}

/// <summary>A recipe in place of one of a collection that goes on without it.</summary>
/// <param name="Recipe">The name of both.</param>
/// <param name="File">Of the one that counts.</param>
/// <param name="Version">Of the one that counts.</param>
/// <param name="Before">The version of the other so far.</param>
/// <param name="After">Its version after the move.</param>
internal sealed record LaggingReplacement(string Recipe, string File, string? Version, string? Before, string? After);

/// <summary>What came of moving a collection.</summary>
/// <param name="Review">What it changes.</param>
/// <param name="IsChanged">True if it is at the new commit now, which is staged.</param>
/// <param name="Commit">The commit of the workspace's repository that was made of it, or null.</param>
internal sealed record CollectionBumpResult(CollectionReview Review, bool IsChanged, string? Commit);
