using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Building.Planning;

/// <summary>What of a store the current recipes need, so that a collection leaves it alone.</summary>
internal static class StoreNeeds
{
    /// <summary>
    /// The digests of pinned sources and seeds, of the actions that the recipes stand for now and of what these left,
    /// as far as they are in the store. Writes, builds and downloads nothing.
    /// </summary>
    /// <param name="graph">The recipes.</param>
    /// <param name="locks">Their pins.</param>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static IReadOnlySet<Digest> Of(
        RecipeGraph graph,
        LockFile locks,
        ContentStore store,
        CancellationToken cancellationToken
    )
    {
        var needed = new HashSet<Digest>();
        needed.UnionWith(locks.Sources.Values.SelectMany(x => x.ArchiveDigests.Prepend(x.Tree)));
        needed.UnionWith(locks.Seeds.Values.SelectMany(x => x.Packages.Select(p => p.File).Append(x.Tree)));
        needed.UnionWith(locks.Artifacts.Values.Select(x => x.Tree));
        needed.Remove(default);
        var asked = store.ToAsk();
        var records = new PackageRecords(asked);
        var packages = BuiltPackages.Find(graph, locks, asked, cancellationToken);
        foreach (var plan in packages.Order.Select(x => packages[x].Plan).OfType<PackagePlan>())
            needed.UnionWith(plan.Sources.Select(x => x.Tree));
        foreach (var result in packages.Order.Select(x => packages[x].Result).OfType<BuiltPackage>())
        {
            needed.Add(result.Action);
            needed.UnionWith(result.Outputs.Values.Select(x => x.Tree));
            if (records.FindStage(result.Action) is { } stage)
                needed.Add(stage);
        }
        return needed;
    }
}
