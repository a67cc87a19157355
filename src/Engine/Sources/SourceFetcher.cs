using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Artifacts;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources;

/// <summary>
/// Brings pinned sources and seeds into the store, verified against the lock. What is in the store already costs no
/// network; downloads are kept, so that after <see cref="FetchAsync"/> everything works offline.
/// </summary>
internal sealed class SourceFetcher : IDisposable
{
    private readonly SingleFlight<Digest> flights = new();
    private readonly SourceImporter importer;
    private readonly SeedImporter seeds;

    /// <param name="store">Where everything goes.</param>
    /// <param name="observer">Receives the events of this folder.</param>
    /// <param name="options">Null for the defaults.</param>
    public SourceFetcher(ContentStore store, IEngineObserver observer, SourceOptions? options = null)
        : this(store, observer, options, new AptSites()) { }

    internal SourceFetcher(ContentStore store, IEngineObserver observer, SourceOptions? options, IDebianSites sites)
    {
        importer = new(store, observer, options ?? new(), sites);
        seeds = new(importer);
    }

    /// <summary>Makes sure that the tree of a recipe's own source is in the store.</summary>
    /// <returns>The tree's digest: that of the pin.</returns>
    /// <exception cref="EngineException">
    /// The source is not available, is refused, or is not what the lock says.
    /// </exception>
    public Task<Digest> EnsureTreeAsync(OwnSource source, Pin pin, CancellationToken cancellationToken) =>
        EnsureAsync(source.Name, pin.Tree, () => ImportAsync(source, pin, cancellationToken), cancellationToken);

    /// <summary>
    /// Proves that every origin of a source is what its pin says, whatever the store holds already: the archive is
    /// unpacked again, and upstream is asked for the tag.
    /// </summary>
    /// <exception cref="EngineException">An origin is not available, or is not what the lock says.</exception>
    public Task VerifyOriginsAsync(OwnSource source, Pin pin, CancellationToken cancellationToken) =>
        SourceFault.GuardAsync(
            source.Name,
            () => VerifyUnguardedAsync(source, pin, cancellationToken),
            cancellationToken
        );

    /// <summary>Makes sure that the root of a seed is in the store.</summary>
    /// <returns>The tree's digest: that of the pin.</returns>
    /// <exception cref="EngineException">
    /// A package is not available, is refused, or the root is not what the lock says.
    /// </exception>
    public Task<Digest> EnsureSeedAsync(SeedRecipe recipe, SeedPin pin, CancellationToken cancellationToken) =>
        EnsureAsync(recipe.Name, pin.Tree, () => ImportAsync(recipe, pin, cancellationToken), cancellationToken);

    /// <summary>Makes sure that what was made outside is in the store as it is pinned.</summary>
    /// <returns>The tree's digest: that of the pin.</returns>
    /// <exception cref="EngineException">Its folder is missing, or is not what the lock says.</exception>
    public Task<Digest> EnsureArtifactAsync(
        ArtifactSource source,
        ArtifactPin pin,
        CancellationToken cancellationToken
    ) => EnsureAsync(source.Name, pin.Tree, () => ImportAsync(source, pin, cancellationToken), cancellationToken);

    /// <summary>Downloads what some recipes need, some at once.</summary>
    /// <param name="recipes">Those without a source of their own are passed over.</param>
    /// <param name="lockFile">Covers all of them.</param>
    /// <param name="unpack">Whether to unpack too, so that a build starts at once.</param>
    /// <param name="cancellationToken">Stops it; what is here so far stays.</param>
    /// <exception cref="EngineException">Some could not be had; the message has a part for each.</exception>
    public async Task FetchAsync(
        IEnumerable<Recipe> recipes,
        LockFile lockFile,
        bool unpack,
        CancellationToken cancellationToken
    )
    {
        var failures = new List<MessageText>();
        await Task.WhenAll(
            recipes
                .Select(async recipe =>
                {
                    try
                    {
                        await SourceFault.GuardAsync(
                            recipe.Name,
                            () => FetchOneAsync(recipe, lockFile, unpack, cancellationToken),
                            cancellationToken
                        );
                    }
                    catch (EngineException e)
                    {
                        lock (failures)
                            failures.Add(e.Text);
                    }
                })
                .ToList()
        );
        if (failures.Count > 0)
            throw new EngineException(MessageText.Lines(failures.OrderBy(x => x.ToString(), StringComparer.Ordinal)));
    }

    /// <inheritdoc/>
    public void Dispose() => importer.Dispose();

    private async Task VerifyUnguardedAsync(OwnSource source, Pin pin, CancellationToken cancellationToken)
    {
        if (pin.Git is not null)
        {
            var tagged = await new GitRepository(importer.Store, pin.Git).FetchTagAsync(pin.Tag!, cancellationToken);
            if (!string.Equals(tagged.Id, pin.Commit, StringComparison.Ordinal))
                throw new EngineException(
                    $"The tag '{pin.Tag}' of '{pin.Git}' was moved: recipes.lock pins the commit {pin.Commit}, the "
                        + $"tag is now {tagged.Id}."
                );
            await ExportAsync(source, pin, cancellationToken);
        }
        if (pin.Archive is null)
            return;
        var pinned = SourceArchives.Of(pin);
        var archives = await importer.DownloadAsync(source, pinned, pin.Snapshot, cancellationToken);
        var imported = await importer.UnpackAsync(source, archives, x => Verify(source, pin, x), cancellationToken);
        var commit = pin.Git is null
            ? ImportCommit.Of(pin with { GitTree = imported.GitTree, ArchiveDigest = archives.First }).Id
            : pin.Commit;
        if (!string.Equals(commit, pin.Commit, StringComparison.Ordinal))
            throw Other(source.Name, $"commit {pin.Commit}", commit);
    }

    private async Task FetchOneAsync(Recipe recipe, LockFile lockFile, bool unpack, CancellationToken cancellationToken)
    {
        if (recipe is SeedRecipe seed)
        {
            var pin = LockCheck.RequireSeed(seed, lockFile);
            if (unpack)
                await EnsureSeedAsync(seed, pin, cancellationToken);
            else
                await seeds.DownloadAsync(seed, pin.Packages, pin.Snapshot, cancellationToken);
        }
        // There is nothing to download: what others may make anew is kept in the store.
        else if (recipe.Artifact is { } artifact)
            await EnsureArtifactAsync(artifact, LockCheck.RequireArtifact(artifact, lockFile), cancellationToken);
        else if (recipe.OwnSource is { } source)
        {
            var pin = LockCheck.RequireSource(source, lockFile);
            if (unpack)
                await EnsureTreeAsync(source, pin, cancellationToken);
            else if (pin.Archive is not null)
                await importer.DownloadAsync(source, SourceArchives.Of(pin), pin.Snapshot, cancellationToken);
            else
                await EnsurePartsAsync(source, pin, cancellationToken);
        }
    }

    private async Task<Digest> EnsureAsync(
        string name,
        Digest tree,
        Func<Task> importAsync,
        CancellationToken cancellationToken
    )
    {
        if (!importer.Store.HasTree(tree))
            await SourceFault.GuardAsync(
                name,
                () => flights.RunAsync(tree, importAsync, cancellationToken),
                cancellationToken
            );
        return tree;
    }

    private Task<ImportedTree> ImportAsync(SeedRecipe recipe, SeedPin pin, CancellationToken cancellationToken) =>
        seeds.ImportAsync(
            recipe,
            pin.Packages,
            pin.Snapshot,
            x => Verify(recipe.Name, pin.Tree, x.Tree.Digest),
            cancellationToken
        );

    private Task<ImportedTree> ImportAsync(
        ArtifactSource source,
        ArtifactPin pin,
        CancellationToken cancellationToken
    ) => importer.ImportAsync(source, x => ArtifactFolder.Verify(source, pin, x.Tree.Digest), cancellationToken);

    private async Task ImportAsync(OwnSource source, Pin pin, CancellationToken cancellationToken)
    {
        if (pin.Archive is null || await TryDownloadAsync(source, pin, cancellationToken) is not { } archives)
        {
            await ExportAsync(source, pin, cancellationToken);
            return;
        }
        if (
            pin.Git is { } url
            && await new GitRepository(importer.Store, url).FindAsync(pin.Commit, cancellationToken) is { } commit
        )
            Verify(source, pin, commit);
        await importer.UnpackAsync(source, archives, x => Verify(source, pin, x), cancellationToken);
    }

    /// <summary>Null if the archive is not available, yet upstream's git holds the same tree.</summary>
    private async Task<SourceArchives?> TryDownloadAsync(OwnSource source, Pin pin, CancellationToken cancellationToken)
    {
        try
        {
            return await importer.DownloadAsync(source, SourceArchives.Of(pin), pin.Snapshot, cancellationToken);
        }
        catch (EngineException) when (pin.Git is not null)
        {
            return null;
        }
    }

    private async Task ExportAsync(OwnSource source, Pin pin, CancellationToken cancellationToken)
    {
        var parts = await EnsurePartsAsync(source, pin, cancellationToken);
        await importer.ExportAsync(source, parts, x => Verify(source.Name, pin.Tree, x.Tree.Digest), cancellationToken);
    }

    private async Task<GitParts> EnsurePartsAsync(OwnSource source, Pin pin, CancellationToken cancellationToken)
    {
        var repository = new GitRepository(importer.Store, pin.Git!);
        var commit = await repository.EnsureAsync(pin.Commit, pin.Tag!, cancellationToken);
        Verify(source, pin, commit);
        return await importer.FindPartsAsync(source, repository, commit, cancellationToken);
    }

    private static void Verify(OwnSource source, Pin pin, GitCommit commit)
    {
        if (!string.Equals(pin.GitTree, commit.Tree, StringComparison.Ordinal))
            throw Other(source.Name, $"git tree {pin.GitTree}", $"{commit.Tree} for the commit {commit.Id}");
    }

    private static void Verify(OwnSource source, Pin pin, ImportedTree imported)
    {
        if (!string.Equals(pin.GitTree, imported.GitTree, StringComparison.Ordinal))
            throw Other(source.Name, $"git tree {pin.GitTree}", imported.GitTree);
        Verify(source.Name, pin.Tree, imported.Tree.Digest);
    }

    private static void Verify(string recipe, Digest expected, Digest got)
    {
        if (expected != got)
            throw Other(recipe, $"tree {expected.OciWithSize}", got.OciWithSize);
    }

    private static EngineException Other(string recipe, MessageText expected, MessageText got) =>
        new(
            $"The source of '{recipe}' is not what recipes.lock says: expected {expected}, got {got}. Nothing was "
                + $"imported. If the lock is wrong, {new Remedy(RemedyKind.LockAnew, recipe)}."
        );
}
