using Recipes.Engine.Content;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sources;

namespace Recipes.Engine.Building;

/// <summary>The trees that <c>recipes.lock</c> pins.</summary>
internal sealed class LockedSources(LockFile locks, SourceFetcher fetcher) : ISourceTrees
{
    /// <inheritdoc/>
    public Digest PinnedTree(Recipe recipe) => PinnedTree(recipe, locks);

    /// <summary>The tree that a lock pins for a recipe.</summary>
    /// <exception cref="EngineException">The lock does not cover the recipe.</exception>
    public static Digest PinnedTree(Recipe recipe, LockFile locks) =>
        recipe.Seed is null ? LockCheck.RequireSource(recipe, locks).Tree : LockCheck.RequireSeed(recipe, locks).Tree;

    /// <inheritdoc/>
    public Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken) =>
        recipe.Seed is null
            ? fetcher.EnsureTreeAsync(recipe, LockCheck.RequireSource(recipe, locks), cancellationToken)
            : fetcher.EnsureSeedAsync(recipe, LockCheck.RequireSeed(recipe, locks), cancellationToken);

    /// <inheritdoc/>
    public long ArchiveBytes(Recipe recipe) =>
        locks.Sources.TryGetValue(recipe.Name, out var pin) && !pin.ArchiveDigest.IsEmpty ? pin.ArchiveDigest.Size : 0;
}
