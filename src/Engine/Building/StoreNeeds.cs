using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sources;

namespace Recipes.Engine.Building;

/// <summary>What of a store the current recipes need, so that a collection leaves it alone.</summary>
public static class StoreNeeds
{
    /// <summary>
    /// The digests of pinned sources and seeds, of the actions that the recipes stand for now and of what these left,
    /// as far as they are in the store. Builds and downloads nothing.
    /// </summary>
    /// <param name="graph">The recipes.</param>
    /// <param name="locks">Their pins.</param>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<IReadOnlySet<Digest>> OfAsync(
        RecipeGraph graph,
        LockFile locks,
        ContentStore store,
        CancellationToken cancellationToken
    )
    {
        var needed = new HashSet<Digest>();
        needed.UnionWith(locks.Sources.Values.SelectMany(x => (Digest[])[x.Tree, x.ArchiveDigest]));
        needed.UnionWith(locks.Seeds.Values.SelectMany(x => x.Packages.Select(p => p.File).Append(x.Tree)));
        needed.Remove(default);
        var records = new PackageRecords(store);
        foreach (var result in await FindResultsAsync(graph, locks, store, cancellationToken))
        {
            needed.Add(result.Action);
            needed.UnionWith(result.Outputs.Values.Select(x => x.Tree));
            if (records.FindStage(result.Action) is { } stage)
                needed.Add(stage);
        }
        return needed;
    }

    private static async Task<IEnumerable<PackageResult>> FindResultsAsync(
        RecipeGraph graph,
        LockFile locks,
        ContentStore store,
        CancellationToken cancellationToken
    )
    {
        var recipes = graph.Workspace.Recipes.Values.Where(x => x.Build is not null || x.Seed is not null);
        var order = graph.BuildOrder(recipes.Select(x => x.Name));
        using var fetcher = new SourceFetcher(store, SilentObserver.Instance);
        using var scratch = store.CreateScratch("needs");
        using var jobServer = new JobServer(scratch.Path, 1);
        var sources = new PinnedOnly(new LockedSources(locks, fetcher));
        await using var prefetch = new SourcePrefetch(sources, cancellationToken);
        var worker = new PackageBuilder(graph.Workspace, graph, store, new Bubblewrap(store), sources, SilentObserver.Instance)
        {
            JobServer = jobServer,
            Jobs = 1,
            Prefetch = prefetch,
            Order = [.. order],
        };
        foreach (var name in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (graph.DirectNeeds(name).All(x => worker.Results.ContainsKey(x.Package)))
                await ResolveAsync(worker, name, cancellationToken);
        }
        return worker.Results.Values;
    }

    private static async Task ResolveAsync(PackageBuilder worker, string name, CancellationToken cancellationToken)
    {
        try
        {
            await worker.ResolveAsync(name, cancellationToken);
        }
        catch (EngineException)
        {
            // What could not be built now has nothing in the store that it needs.
        }
    }

    /// <summary>Knows pins, and fetches nothing.</summary>
    private sealed class PinnedOnly(ISourceTrees pins) : ISourceTrees
    {
        public Digest PinnedTree(Recipe recipe) => pins.PinnedTree(recipe);

        public long ArchiveBytes(Recipe recipe) => pins.ArchiveBytes(recipe);

        public Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken) =>
            throw new EngineException($"the source of '{recipe.Name}' is not in the store");
    }
}
