using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>Where a package stands before a build.</summary>
internal enum Standing
{
    /// <summary>The store holds its outputs.</summary>
    Built,

    /// <summary>What it installed is in the store; only its outputs are split and checked anew.</summary>
    Unsplit,

    /// <summary>All it needs is there, and its action did not run yet.</summary>
    Unbuilt,

    /// <summary>Something it needs is not built, so its action is not known yet.</summary>
    Waiting,

    /// <summary>Its pinned source or seed is not in the store or not patched yet, and has to be.</summary>
    WithoutSource,

    /// <summary>It cannot be planned: the lock does not cover it, or its build root cannot be made.</summary>
    Faulty,
}

/// <summary>What is known of a package.</summary>
/// <param name="Standing">Where it stands.</param>
/// <param name="Plan">Its plan, as far as all that it needs is known.</param>
/// <param name="Result">
/// Its outputs, if built; if only unsplit, and where that is asked for, those that splitting will give, whose files are
/// not there and were not checked yet.
/// </param>
/// <param name="Problem">Why it is faulty, or null.</param>
internal sealed record PackageStanding(
    Standing Standing,
    PackagePlan? Plan,
    BuiltPackage? Result = null,
    EngineException? Problem = null
);

/// <summary>
/// Tells where packages stand: the one answer for those who build and for those who ask. It only reads; what it derives
/// on the way (listings of roots) is a cache, and is kept in memory where the store is opened to be asked.
/// </summary>
/// <param name="graph">Of a workspace without faults.</param>
/// <param name="store">Where results are.</param>
/// <param name="sources">The trees that builds start from.</param>
internal sealed class Resolver(RecipeGraph graph, ContentStore store, ISourceTrees sources)
{
    private readonly PackageRecords records = new(store);
    private readonly ConcurrentDictionary<string, BuiltPackage> results = new(StringComparer.Ordinal);
    private readonly RuntimeProviders providers = new(store);
    private readonly BuildSources buildSources = new(graph.Workspace, sources, store);

    /// <summary>The results that plans are made with.</summary>
    public IReadOnlyDictionary<string, BuiltPackage> Results => results;

    /// <summary>Makes a result known to the plans of those that need it.</summary>
    public void Know(BuiltPackage result) => results[result.Recipe.Name] = result;

    /// <summary>Looks at a package; what it needs has to be known, or it is waiting.</summary>
    /// <param name="name">A recipe with a build or a seed.</param>
    /// <param name="foresee">
    /// Whether to foresee outputs that are not split yet, so that what needs them need not wait.
    /// </param>
    public PackageStanding Look(string name, bool foresee = false)
    {
        try
        {
            return graph.Workspace.RequireOutputs(name) is PackageRecipe package
                ? LookAtPackage(package, foresee)
                : LookAtSeed(graph.Workspace.Recipes[name]);
        }
        catch (EngineException e)
        {
            return new(Standing.Faulty, null, Problem: e);
        }
    }

    /// <summary>The result of a package that has these outputs.</summary>
    public BuiltPackage ResultOf(PackagePlan plan, ImmutableSortedDictionary<string, BuiltOutput> outputs)
    {
        var name = plan.Recipe.Name;
        var own = outputs.Keys.Select(x => $"{name}:{x}");
        var unpinned = SourceLayout
            .Of(plan.Recipe, graph.Workspace)
            .Trees.Where(x => !sources.IsPinned(x.Recipe))
            .Select(x => x.Recipe.Name);
        var inherited = graph.DirectNeeds(name).SelectMany(x => results[x.Package].Unpinned);
        return new(plan.Recipe, plan.Action.Digest, outputs, [.. own, .. plan.Root.Outputs])
        {
            Unpinned = [.. unpinned, .. inherited],
        };
    }

    private PackageStanding LookAtSeed(Recipe recipe)
    {
        var tree = sources.PinnedTree(recipe);
        if (!store.HasTree(tree))
            return new(Standing.WithoutSource, null);
        var main = new BuiltOutput("main", tree, 0, new([]), []);
        return new(
            Standing.Built,
            null,
            new(recipe, tree, ImmutableSortedDictionary<string, BuiltOutput>.Empty.Add("main", main), [])
        );
    }

    private PackageStanding LookAtPackage(PackageRecipe recipe, bool foresee)
    {
        var name = recipe.Name;
        var needs = graph.DirectNeeds(name);
        var found = buildSources.Find(recipe);
        if (needs.Any(x => !results.ContainsKey(x.Package)))
            return new(Standing.Waiting, null);
        if (needs.FirstOrDefault(x => !results[x.Package].IsClean) is { } unclean)
            throw new EngineException(
                $"'{name}' needs '{unclean.Package}', which is not clean while it is being resumed; build that "
                    + $"alone first"
            );
        // Listings are enough to know the action.
        if (found is not { } trees)
            return new(Standing.WithoutSource, null);
        var root = BuildRoot.Of(name, needs, results, providers, store);
        var plan = PackagePlan.Of(recipe, root, trees, store);
        if (records.FindOutputs(plan.ResultKey) is { } outputs)
            return new(Standing.Built, plan, ResultOf(plan, outputs));
        if (records.FindStage(plan.Action.Digest) is { } stage)
            return new(Standing.Unsplit, plan, foresee ? Foresee(plan, stage) : null);
        return new(trees.Any(x => !store.HasTree(x.Tree)) ? Standing.WithoutSource : Standing.Unbuilt, plan);
    }

    private BuiltPackage? Foresee(PackagePlan plan, Digest stage)
    {
        try
        {
            return ResultOf(plan, SplitStage.Foresee(plan.Recipe, stage, store));
        }
        catch (Exception e) when (e is EngineException || StorageFault.IsOne(e))
        {
            // Those who build read the stage again, and report it.
            return null;
        }
    }
}
