using System.Collections.Concurrent;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Building.Planning;

/// <summary>The trees that <c>recipes.lock</c> pins; none is fetched.</summary>
internal class PinnedTrees(LockFile locks) : ISourceTrees
{
    /// <summary>The pins.</summary>
    protected LockFile Locks => locks;

    // Asked again and again, and an archive beside a recipe is read for the answer.
    private readonly ConcurrentDictionary<string, Digest> known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Digest PinnedTree(Recipe recipe) => known.GetOrAdd(recipe.Name, _ => Pinned(recipe));

    /// <inheritdoc/>
    public virtual Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken) =>
        throw new EngineException(
            $"the source of '{recipe.Name}' is not in the store; {new Remedy(RemedyKind.Fetch, recipe.Name)}"
        );

    /// <inheritdoc/>
    public long ArchiveBytes(Recipe recipe) =>
        locks.Sources.TryGetValue(recipe.Name, out var pin)
            ? pin.ArchiveDigests.Where(x => !x.IsEmpty).Sum(x => x.Size)
            : 0;

    private Digest Pinned(Recipe recipe) =>
        recipe is SeedRecipe seed ? LockCheck.RequireSeed(seed, locks).Tree
        : recipe.Artifact is { } artifact ? LockCheck.RequireArtifact(artifact, locks).Tree
        : LockCheck.RequireSource(recipe.RequireSource(), locks).Tree;
}

/// <summary>The trees that <c>recipes.lock</c> pins, brought into the store where they are wanted.</summary>
internal sealed class LockedSources(LockFile locks, SourceFetcher fetcher) : PinnedTrees(locks)
{
    /// <inheritdoc/>
    public override Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken) =>
        recipe is SeedRecipe seed ? fetcher.EnsureSeedAsync(seed, LockCheck.RequireSeed(seed, Locks), cancellationToken)
        : recipe.Artifact is { } artifact
            ? fetcher.EnsureArtifactAsync(artifact, LockCheck.RequireArtifact(artifact, Locks), cancellationToken)
        : EnsureAsync(recipe.RequireSource(), cancellationToken);

    private Task<Digest> EnsureAsync(OwnSource source, CancellationToken cancellationToken) =>
        fetcher.EnsureTreeAsync(source, LockCheck.RequireSource(source, Locks), cancellationToken);
}
