using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Bumping;
using Recipes.Engine.Bumping.Collections;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Releases;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine;

public sealed partial class Project
{
    /// <summary>
    /// Pins the sources of recipes that are new or changed: writes the lock, and in a git repository stages the
    /// gitlinks. What could be pinned is kept, also where something else could not.
    /// </summary>
    /// <param name="cancellationToken">Stops it; the lock is then as it was.</param>
    internal Task<LockResult> LockAsync(CancellationToken cancellationToken = default) =>
        LockAsync((locker, current) => locker.LockAsync(Workspace.OwnRecipes, current, cancellationToken));

    /// <summary>
    /// Pins some recipes anew, also where the lock covers them: as <see cref="LockAsync(CancellationToken)"/>, and no
    /// other pin is touched.
    /// </summary>
    /// <param name="recipes">Of the workspace itself; each has something to pin.</param>
    /// <param name="cancellationToken">Stops it; the lock is then as it was.</param>
    internal Task<LockResult> RenewLockAsync(
        IReadOnlyCollection<Recipe> recipes,
        CancellationToken cancellationToken = default
    ) => LockAsync((locker, current) => locker.RenewAsync(recipes, current, cancellationToken));

    private async Task<LockResult> LockAsync(Func<Locker, LockFile, Task<LockResult>> work)
    {
        var repository = Repository();
        using var locker = new Locker(Store, options.Observer, options.Sources);
        var own = LockFile.Read(Workspace.LockPath);
        var result = await work(locker, own);
        result.Lock.Write(Workspace.LockPath);
        var isStaged = repository is not null && PinnedSubmodules.Write(repository, Workspace.OwnRecipes, result.Lock);
        return result with { IsStaged = isStaged };
    }

    /// <summary>
    /// Tells where lock, gitlinks, recipes and patches disagree. Only a patch has to be tried on its source, which may
    /// have to be fetched for that; without patches nothing is written.
    /// </summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ImmutableArray<Diagnostic>> CheckLockAsync(CancellationToken cancellationToken = default)
    {
        var locks = Locks;
        var faults = LockCheck.Of(Workspace).AddRange(ArtifactCheck.Of(Workspace.OwnRecipes, locks, cancellationToken));
        if (Repository() is { } repository)
            faults = faults.AddRange(PinnedSubmodules.Faults(repository, Workspace.OwnRecipes, locks));
        if (Workspace.Recipes.Values.Any(x => x.WrittenSource is { Patches.IsEmpty: false }))
            faults = faults.AddRange(
                await PatchAsync(
                    (recipe, layout) =>
                        recipe.WrittenSource is { Patches.IsEmpty: false }
                        && layout.Trees.All(x => LockCheck.IsCovered(x.Recipe, locks)),
                    locks,
                    cancellationToken
                )
            );
        return faults;
    }

    /// <summary>Downloads pinned sources.</summary>
    /// <param name="names">Recipes, with all they need; none for all recipes.</param>
    /// <param name="unpack">Whether to unpack and patch them too, so that builds start at once.</param>
    /// <param name="cancellationToken">Stops it; what is there is kept.</param>
    /// <returns>How many there are.</returns>
    public async Task<int> FetchAsync(
        IReadOnlyCollection<string> names,
        bool unpack,
        CancellationToken cancellationToken = default
    )
    {
        var pinned = Graph
            .Pins(names.Count > 0 ? names : Workspace.Recipes.Keys)
            .Select(x => Workspace.Recipes[x])
            .ToList();
        await Fetcher.FetchAsync(pinned, Locks, unpack, cancellationToken);
        if (unpack)
            await PatchAsync(pinned, cancellationToken);
        return pinned.Count;
    }

    /// <summary>Proves that gitlinks, lock and origins agree, reading every origin anew.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    internal Task<ImmutableArray<Diagnostic>> VerifySourcesAsync(CancellationToken cancellationToken = default) =>
        new SourceVerifier(Workspace, Superproject.Find(Workspace.Root), Locks, Fetcher).RunAsync(cancellationToken);

    /// <summary>Asks the upstreams of a source which versions there are.</summary>
    /// <param name="source">The source.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    internal async Task<UpstreamAnswer> FindVersionsAsync(
        OwnSource source,
        CancellationToken cancellationToken = default
    )
    {
        using var bumper = NewBumper();
        return await bumper.AskAsync(source, cancellationToken);
    }

    /// <summary>
    /// Moves a source to another version. Nothing is changed where a patch no longer applies, or before it is sure that
    /// a commit that is asked for can be made.
    /// </summary>
    /// <param name="request">The source, and where to move it.</param>
    /// <param name="plan">What to do besides.</param>
    /// <param name="cancellationToken">Stops it; what was changed is undone.</param>
    /// <returns>What came of it; null where the source is at that version already.</returns>
    /// <exception cref="EngineException">There is no such version, or something cannot be written.</exception>
    internal async Task<BumpResult?> BumpAsync(
        BumpRequest request,
        BumpPlan plan,
        CancellationToken cancellationToken = default
    )
    {
        using var bumper = NewBumper();
        if (await bumper.PrepareAsync(Graph, Locks, request, cancellationToken) is not { } bump)
            return null;
        if (!bump.Review.FailedPatches.IsEmpty)
            return new(bump.Review, IsChanged: false, Commit: null);
        if (plan.CommitMessage is not null)
            await bump.CheckCommitAsync(cancellationToken);
        if (plan.Builds)
            await bump.BuildAsync((graph, locks) => NewBuilder(graph, locks, []), options.Build, cancellationToken);
        if (!plan.Changes || !plan.Allows(bump.Review.Built))
            return new(bump.Review, IsChanged: false, Commit: null);
        var commit = await bump.ApplyAsync(plan.CommitMessage?.Invoke(bump.Review), cancellationToken);
        return new(bump.Review, IsChanged: true, commit);
    }

    /// <summary>
    /// Moves a collection to another commit. Nothing is changed where the workspace would have faults with it, or
    /// before it is sure that a commit that is asked for can be made.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="revision">A branch, tag or commit of its origin; null for what that has now.</param>
    /// <param name="plan">What to do besides; its message is for sources.</param>
    /// <param name="message">Writes the message of a commit of exactly the move; null for no commit.</param>
    /// <param name="cancellationToken">Stops it; the workspace is then as it was.</param>
    /// <returns>What came of it; null where the collection is at that commit already.</returns>
    /// <exception cref="EngineException">It cannot be moved, or something does not build.</exception>
    internal Task<CollectionBumpResult?> BumpAsync(
        Collection collection,
        string? revision,
        BumpPlan plan,
        Func<CollectionReview, string>? message,
        CancellationToken cancellationToken = default
    ) =>
        new CollectionBumper(Graph, Locks, Store).RunAsync(
            collection,
            revision,
            plan,
            message,
            ((graph, locks) => NewBuilder(graph, locks, []), options.Build),
            cancellationToken
        );

    /// <summary>Who asks upstreams for versions.</summary>
    /// <remarks>The caller disposes it.</remarks>
    internal Bumper NewBumper() => new(Store, options.Observer, options.Sources);

    private async Task PatchAsync(IReadOnlyCollection<Recipe> fetched, CancellationToken cancellationToken)
    {
        var faults = await PatchAsync(
            (_, layout) => layout.Trees.All(x => fetched.Contains(x.Recipe)),
            Locks,
            cancellationToken
        );
        if (!faults.IsEmpty)
            throw new EngineException(MessageText.Lines(faults.Select(x => x.Text)));
    }

    private Task<ImmutableArray<Diagnostic>> PatchAsync(
        Func<Recipe, SourceLayout, bool> isWanted,
        LockFile locks,
        CancellationToken cancellationToken
    ) =>
        PatchCheck.FaultsAsync(
            Workspace,
            isWanted,
            OwnCodeTrees.Of(Workspace, new LockedSources(locks, Fetcher), Store),
            Store,
            cancellationToken
        );

    private Superproject? Repository()
    {
        var repository = Superproject.Find(Workspace.Root);
        repository?.RequireAllRecipes();
        return repository;
    }
}
