using Recipes.Engine.Content;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sources.Archives;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Git;

namespace Recipes.Engine.Sources;

/// <summary>
/// Brings pinned sources and seeds into the store, verified against the lock. What is in the store already costs no
/// network; downloads are kept, so that after <see cref="FetchAsync"/> everything works offline.
/// </summary>
public sealed class SourceFetcher : IDisposable
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
    /// <exception cref="EngineException">The source cannot be had, is refused, or is not what the lock says.</exception>
    public async Task<Digest> EnsureTreeAsync(Recipe recipe, Pin pin, CancellationToken cancellationToken)
    {
        if (!importer.Store.HasTree(pin.Tree))
            await flights.RunAsync(pin.Tree, () => ImportAsync(recipe, pin, cancellationToken), cancellationToken);
        return pin.Tree;
    }

    /// <summary>Makes sure that the root of a seed is in the store.</summary>
    /// <returns>The tree's digest: that of the pin.</returns>
    /// <exception cref="EngineException">A package cannot be had, is refused, or the root is not what the lock says.</exception>
    public async Task<Digest> EnsureSeedAsync(Recipe recipe, SeedPin pin, CancellationToken cancellationToken)
    {
        if (!importer.Store.HasTree(pin.Tree))
        {
            await flights.RunAsync(
                pin.Tree,
                () => seeds.ImportAsync(recipe, pin.Packages, pin.Snapshot, x => Verify(recipe, pin.Tree, x.Tree.Digest), cancellationToken),
                cancellationToken
            );
        }
        return pin.Tree;
    }

    /// <summary>Downloads what some recipes need, some at once.</summary>
    /// <param name="recipes">Those without a source of their own are passed over.</param>
    /// <param name="lockFile">Covers all of them.</param>
    /// <param name="unpack">Whether to unpack too, so that a build starts at once.</param>
    /// <param name="cancellationToken">Stops it; what is here so far stays.</param>
    /// <exception cref="EngineException">Some could not be had; the message has a part for each.</exception>
    public async Task FetchAsync(IEnumerable<Recipe> recipes, LockFile lockFile, bool unpack, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        await Task.WhenAll(
            recipes
                .Select(async recipe =>
                {
                    try
                    {
                        await FetchOneAsync(recipe, lockFile, unpack, cancellationToken);
                    }
                    catch (EngineException e)
                    {
                        lock (failures)
                            failures.Add(e.Message);
                    }
                })
                .ToList()
        );
        if (failures.Count > 0)
            throw new EngineException(string.Join('\n', failures.Order(StringComparer.Ordinal)));
    }

    /// <inheritdoc/>
    public void Dispose() => importer.Dispose();

    private async Task FetchOneAsync(Recipe recipe, LockFile lockFile, bool unpack, CancellationToken cancellationToken)
    {
        if (recipe.Seed is not null)
        {
            var pin = LockCheck.RequireSeed(recipe, lockFile);
            if (unpack)
                await EnsureSeedAsync(recipe, pin, cancellationToken);
            else
                await seeds.DownloadAsync(recipe, pin.Packages, pin.Snapshot, cancellationToken);
        }
        else if (PinDifference.HasSource(recipe))
        {
            var pin = LockCheck.RequireSource(recipe, lockFile);
            if (unpack)
                await EnsureTreeAsync(recipe, pin, cancellationToken);
            else if (pin.Archive is not null)
                await importer.DownloadAsync(recipe, pin.ArchiveDigest, pin.Snapshot, cancellationToken);
            else
                await new GitRepository(importer.Store, pin.Git!).EnsureAsync(pin.Commit, pin.Tag!, cancellationToken);
        }
    }

    private async Task ImportAsync(Recipe recipe, Pin pin, CancellationToken cancellationToken)
    {
        if (pin.Archive is not null)
        {
            var archive = await importer.DownloadAsync(recipe, pin.ArchiveDigest, pin.Snapshot, cancellationToken);
            await importer.UnpackAsync(recipe, archive, x => Verify(recipe, pin, x), cancellationToken);
            return;
        }
        var repository = new GitRepository(importer.Store, pin.Git!);
        var commit = await repository.EnsureAsync(pin.Commit, pin.Tag!, cancellationToken);
        await importer.ExportAsync(recipe, repository, commit, x => Verify(recipe, pin.Tree, x.Tree.Digest), cancellationToken);
    }

    private static void Verify(Recipe recipe, Pin pin, ImportedTree imported)
    {
        if (!string.Equals(pin.GitTree, imported.GitTree, StringComparison.Ordinal))
            throw Other(recipe, $"git tree {pin.GitTree}", imported.GitTree);
        Verify(recipe, pin.Tree, imported.Tree.Digest);
    }

    private static void Verify(Recipe recipe, Digest expected, Digest got)
    {
        if (expected != got)
            throw Other(recipe, $"tree {expected}", got.ToString());
    }

    private static EngineException Other(Recipe recipe, string expected, string got) =>
        new(
            $"The source of '{recipe.Name}' is not what recipes.lock says: expected {expected}, got {got}. Nothing was imported. "
                + $"If the lock is wrong, delete the table of '{recipe.Name}' from it and run 'recipes lock'."
        );
}
