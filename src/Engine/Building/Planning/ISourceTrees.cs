using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>The pinned trees that builds start from.</summary>
internal interface ISourceTrees
{
    /// <summary>The tree that the lock pins for a recipe with a source of its own, or for a seed.</summary>
    /// <exception cref="EngineException">
    /// The lock does not cover the recipe; the message names the command to run.
    /// </exception>
    Digest PinnedTree(Recipe recipe);

    /// <summary>False if the tree is another one than the lock pins.</summary>
    bool IsPinned(Recipe recipe) => true;

    /// <summary>Brings that tree into the store if it is not there: downloads, unpacks and verifies it.</summary>
    /// <exception cref="EngineException">It is not available, or is not what the lock says.</exception>
    Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken);

    /// <summary>How large the recipe's pinned archive is, in bytes; 0 where there is none. Only a hint.</summary>
    long ArchiveBytes(Recipe recipe);
}
