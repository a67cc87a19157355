namespace Recipes.Engine.Bumping;

/// <summary>What to do besides reviewing a bump.</summary>
internal sealed record BumpPlan
{
    /// <summary>Whether to build what it changes, so that the review tells what came of it.</summary>
    public bool Builds { get; init; }

    /// <summary>Whether to change them though building showed that the contract of a stack is broken.</summary>
    public bool BreaksContracts { get; init; }

    /// <summary>True if it may go on after building showed this.</summary>
    public bool Allows(BumpBuild? built) =>
        BreaksContracts || built is null || built.Stacks.All(x => x.Faults().IsEmpty);

    /// <summary>Whether to change recipe, lock and gitlink.</summary>
    public bool Changes { get; init; } = true;

    /// <summary>Writes the message of a git commit of exactly the bump; null for no commit.</summary>
    public Func<BumpReview, string>? CommitMessage { get; init; }
}

/// <summary>What came of a bump.</summary>
/// <param name="Review">What it changes.</param>
/// <param name="IsChanged">True if recipe, lock and gitlink are at the new version now.</param>
/// <param name="Commit">The commit, or null.</param>
internal sealed record BumpResult(BumpReview Review, bool IsChanged, string? Commit);
