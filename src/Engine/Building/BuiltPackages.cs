using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sources;

namespace Recipes.Engine.Building;

/// <summary>Where a package stands before a build.</summary>
public enum Standing
{
    /// <summary>The store holds its outputs.</summary>
    Built,

    /// <summary>What it installed is in the store; only its outputs are split and checked anew.</summary>
    Unsplit,

    /// <summary>All it needs is there, and its action did not run yet.</summary>
    Unbuilt,

    /// <summary>Something it needs is not built, so its action is not known yet.</summary>
    Waiting,

    /// <summary>Its pinned source or seed is not in the store yet.</summary>
    WithoutSource,

    /// <summary>It cannot be planned: the lock does not cover it, or its build root cannot be made.</summary>
    Faulty,
}

/// <summary>What the store holds of the packages of a workspace as their recipes and pins are now. Nothing is built for it.</summary>
public sealed class BuiltPackages
{
    private readonly RecipeGraph graph;
    private readonly ContentStore store;
    private readonly Func<Recipe, Digest> pinnedTree;
    private readonly PackageRecords records;
    private readonly Dictionary<string, PackageResult> results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PackageStanding> standings = new(StringComparer.Ordinal);

    internal BuiltPackages(RecipeGraph graph, ContentStore store, Func<Recipe, Digest> pinnedTree)
    {
        (this.graph, this.store, this.pinnedTree, records) = (graph, store, pinnedTree, new(store));
        var buildable = graph.Workspace.Recipes.Values.Where(x => x.Build is not null || x.Seed is not null);
        Order = graph.BuildOrder(buildable.Select(x => x.Name));
        foreach (var name in Order)
            standings.Add(name, Look(graph.Workspace.Recipes[name]));
    }

    /// <summary>Looks up every package.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="locks">Its lock.</param>
    /// <param name="store">Where results are.</param>
    public static BuiltPackages Find(RecipeGraph graph, LockFile locks, ContentStore store) =>
        new(graph, store, x => LockedSources.PinnedTree(x, locks));

    /// <summary>All seeds and packages, each after all that it needs.</summary>
    public ImmutableArray<string> Order { get; }

    /// <summary>The result of a package, or null if it has none as its recipe is now.</summary>
    public PackageResult? Find(string package) => results.GetValueOrDefault(package);

    /// <summary>Where a package stands.</summary>
    public Standing StandingOf(string package) => standings[package].Standing;

    internal PackageStanding this[string package] => standings[package];

    private PackageStanding Look(Recipe recipe)
    {
        try
        {
            return Plan(recipe);
        }
        catch (EngineException e)
        {
            return new(Standing.Faulty, null, e.Message);
        }
    }

    private PackageStanding Plan(Recipe recipe)
    {
        var layout = SourceLayout.Of(recipe, graph.Workspace);
        var trees = layout.Trees.Select(x => (x.Path, Tree: pinnedTree(x.Recipe))).ToList();
        if (recipe.Seed is not null)
        {
            if (!store.HasTree(trees[0].Tree))
                return new(Standing.WithoutSource, null, null);
            var main = new BuiltOutput("main", trees[0].Tree, 0, new([]), []);
            results[recipe.Name] = new(recipe, main.Tree, ImmutableSortedDictionary<string, BuiltOutput>.Empty.Add("main", main), []);
            return new(Standing.Built, null, null);
        }
        if (graph.DirectNeeds(recipe.Name).Any(x => !results.ContainsKey(x.Package)))
            return new(Standing.Waiting, null, null);
        // A listing is enough to know the action.
        if (trees.Any(x => !store.HasListing(x.Tree)))
            return new(Standing.WithoutSource, null, null);
        if (trees.Count == 0)
        {
            store.AddListing(Tree.Empty);
            trees.Add(("build", Tree.Empty.Digest));
        }
        var root = BuildRoot.Of(recipe.Name, graph.DirectNeeds(recipe.Name), results, store);
        var plan = PackagePlan.Of(recipe, root, trees, layout.Patches, store);
        if (records.FindOutputs(plan.ResultKey) is not { } outputs)
            return new(records.FindStage(plan.Action.Digest) is null ? Standing.Unbuilt : Standing.Unsplit, plan, null);
        var own = outputs.Keys.Select(x => $"{recipe.Name}:{x}");
        results[recipe.Name] = new(recipe, plan.Action.Digest, outputs, [.. own, .. root.Outputs]);
        return new(Standing.Built, plan, null);
    }
}

/// <summary>Where a package stands, and its plan where that could be made.</summary>
internal sealed record PackageStanding(Standing Standing, PackagePlan? Plan, string? Problem);
