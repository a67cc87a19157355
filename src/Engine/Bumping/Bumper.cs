using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Releases;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Bumping;

/// <summary>
/// Moves the pin of a source to another version. Preparing changes nothing but the store; see
/// <see cref="PreparedBump"/>.
/// </summary>
internal sealed class Bumper : IDisposable
{
    private readonly ContentStore store;
    private readonly Locker locker;
    private readonly SourceFetcher fetcher;
    private readonly Upstream upstream;
    private readonly NewSource imports;

    /// <param name="store">Keeps what is downloaded and unpacked.</param>
    /// <param name="observer">Receives the events of downloads.</param>
    /// <param name="options">Null for the defaults.</param>
    public Bumper(ContentStore store, IEngineObserver observer, SourceOptions? options = null)
        : this(store, observer, options, new AptSites()) { }

    internal Bumper(ContentStore store, IEngineObserver observer, SourceOptions? options, IDebianSites sites)
    {
        this.store = store;
        var watch = new DownloadWatch(observer);
        locker = new(store, watch, options, sites);
        fetcher = new(store, watch, options, sites);
        upstream = new(locker.Importer);
        imports = new(store, locker, upstream, watch);
    }

    /// <summary>
    /// Brings back what a bump, or a new recipe, that was killed left half-done; call it before the recipes are read.
    /// </summary>
    /// <param name="root">The workspace.</param>
    /// <returns>True if there was such a change.</returns>
    /// <exception cref="EngineException">
    /// Another command is changing the workspace, or something cannot be written.
    /// </exception>
    public static bool Recover(string root) => WorkspaceChange.Recover(root);

    /// <summary>Asks the origins of a source for the versions they have.</summary>
    public Task<UpstreamAnswer> AskAsync(OwnSource source, CancellationToken cancellationToken) =>
        upstream.AskAsync(source, RecipeText.Read(source.Recipe), cancellationToken);

    /// <summary>Finds the new version, imports it, and reviews what it changes.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="locks">Its lock, which covers the recipe.</param>
    /// <param name="request">What to do.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    /// <returns>Null if the recipe is at the version already, and no archive or tag was given.</returns>
    /// <exception cref="EngineException">
    /// There is no such version, it is not available, or it is lower than it may be.
    /// </exception>
    public async Task<PreparedBump?> PrepareAsync(
        RecipeGraph graph,
        LockFile locks,
        BumpRequest request,
        CancellationToken cancellationToken
    )
    {
        var source = graph.Workspace.RequireOwn(request.Recipe).RequireSource();
        var recipe = source.Recipe;
        RequireOrigin(source, request);
        var before = LockCheck.RequireSource(source, locks);
        var (version, unreached) = await imports.VersionAsync(source, request, cancellationToken);
        if (Forms.Version.Fault(version) is { } fault)
            throw new EngineException($"'{version}' is not a version: {fault}");
        var order = VersionOrder.Instance.Compare(version, recipe.Version);
        if (order == 0 && request is { Archive: null, Tag: null })
            return null;
        if (order < 0 && !request.AllowDowngrade)
            throw new EngineException(
                $"{version} is lower than {recipe.Version}, which '{recipe.Name}' is at; if that is meant, "
                    + $"{new Remedy(RemedyKind.AllowDowngrade)}"
            );

        var (edited, workspace, after) = await imports.ImportAsync(
            graph.Workspace,
            source,
            version,
            request,
            cancellationToken
        );
        var updated = locks with { Sources = locks.Sources.SetItem(recipe.Name, after) };
        var review = new BumpReview
        {
            Recipe = recipe.Name,
            Before = before,
            After = after,
            Origin = request.Archive is { } file
                ? Path.GetFileName(file)
                : imports.OriginOf(workspace.RequireSource(recipe.Name)),
            IsGiven = request.Archive is not null,
            Edits = edited.Edits,
            Unreached = unreached,
            FailedPatches = await PatchCheck.FailuresAsync(
                workspace,
                recipe.Name,
                OwnCodeTrees.Of(workspace, new LockedSources(updated, fetcher), store),
                store,
                cancellationToken
            ),
            Rebuilds = RebuildsOf(graph, recipe.Name),
            Images = Impact.Of(graph, recipe.Name).Images,
        };
        return new(graph, locks, workspace, updated, edited, store)
        {
            Review = await CompareAsync(review, source, cancellationToken),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        upstream.Dispose();
        fetcher.Dispose();
        locker.Dispose();
    }

    private static void RequireOrigin(OwnSource source, BumpRequest request)
    {
        if (request.Archive is not null && source.Spec.Archive is null)
            throw new EngineException(
                $"'{source.Name}' comes from git and has no archive; {new Remedy(RemedyKind.NameTag)}"
            );
        if (request.Archive is not null && !File.Exists(request.Archive))
            throw new EngineException($"there is no file '{request.Archive}'");
        if (request.Tag is not null && source.Spec.Git is null)
            throw new EngineException(
                $"'{source.Name}' comes from an archive and has no tag; {new Remedy(RemedyKind.NameArchive)}"
            );
    }

    private ImmutableArray<Rebuild> RebuildsOf(RecipeGraph graph, string name)
    {
        var history = new BuildHistory(store);
        return [.. Impact.Of(graph, name).Packages.Select(x => new Rebuild(x, history.Find(x)?.Seconds))];
    }

    private async Task<BumpReview> CompareAsync(
        BumpReview review,
        OwnSource source,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var before = await fetcher.EnsureTreeAsync(source, review.Before, cancellationToken);
            var changes = await UpstreamChanges.BetweenAsync(
                store.TreePath(before),
                store.TreePath(review.After.Tree),
                cancellationToken
            );
            return review with { Upstream = changes };
        }
        catch (EngineException e)
        {
            // Mirrors drop old versions; that is no reason to stay at one.
            return review with { UpstreamUnknown = e.Text };
        }
    }
}
