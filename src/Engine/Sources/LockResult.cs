using System.Collections.Immutable;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Sources;

/// <summary>What happened to one pin.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Kind">Added, changed or removed.</param>
/// <param name="Description">One clause.</param>
internal sealed record LockChange(string Recipe, LockChangeKind Kind, string Description);

/// <summary>How a pin changed.</summary>
internal enum LockChangeKind
{
    /// <summary>The recipe had none.</summary>
    Added,

    /// <summary>The recipe asks for something else now.</summary>
    Changed,

    /// <summary>No recipe asks for it any more.</summary>
    Removed,
}

/// <summary>A recipe that could not be pinned.</summary>
internal sealed record LockFailure(string Recipe, MessageText Message);

/// <summary>What locking came to.</summary>
/// <param name="Lock">The new lock; what failed is as it was before.</param>
/// <param name="Changes">By recipe name.</param>
/// <param name="Failures">By recipe name.</param>
internal sealed record LockResult(
    LockFile Lock,
    ImmutableArray<LockChange> Changes,
    ImmutableArray<LockFailure> Failures
)
{
    /// <summary>True if gitlinks were staged too.</summary>
    public bool IsStaged { get; init; }
}
