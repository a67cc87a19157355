using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Building;

/// <summary>Splits, scans and checks a stage, and publishes its outputs.</summary>
internal sealed class OutputPublisher(ContentStore store, PackageRecords records)
{
    private const int MostFindings = 20;

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
        Check(plan, tree, outputs, candidates);
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
        return new(name, tree.Digest, tree.FileBytes, OutputScanner.Scan(tree, store.TreePath(tree.Digest)), [.. requires]);
    }

    private void Check(
        PackagePlan plan,
        Tree stage,
        ImmutableSortedDictionary<string, BuiltOutput> outputs,
        IReadOnlyDictionary<string, PackageResult> results
    )
    {
        var recipe = plan.Recipe;
        var own = outputs.Values.Select(x => (Tree: store.ReadTree(x.Tree), x.Scan)).ToList();
        var root = plan.Root.Outputs.Select(x => FindOutput(x, results)).OfType<BuiltOutput>();
        var onSeed = recipe.Area == RecipeArea.Toolchain;
        var findings = OutputChecks.Run(
            new()
            {
                Outputs =
                [
                    .. outputs.Values.Zip(own, (x, o) => new CheckedOutput(x.Name, o.Tree, store.TreePath(x.Tree), o.Scan)),
                ],
                Runtime = new([.. own, .. root.Select(x => (store.ReadTree(x.Tree), x.Scan))]),
                Declared = recipe.Outputs,
                Permissions = recipe.Permissions,
                Waivers = recipe.Waivers,
                Modes = Modes(stage),
                MachinePaths = [store.Root],
                IsFreeOfSeed = !onSeed || recipe.Build!.StandsFor is not null,
                IsFreeOfBuildPaths = !onSeed,
                IsInUsualPlaces = !onSeed,
            }
        );
        var failed = findings.Where(x => x.Waiver is null).ToList();
        if (failed.Count == 0)
            return;
        var lines = failed.Take(MostFindings).Select(x => "  " + x).ToList();
        if (failed.Count > lines.Count)
            lines.Add($"  and {failed.Count - lines.Count} more");
        throw new EngineException(
            $"{failed.Count} {(failed.Count == 1 ? "check" : "checks")} of what was built failed; mend the recipe, or add [[waivers]] with a reason\n{string.Join('\n', lines)}"
        );
    }

    private ImmutableArray<StageMode> Modes(Tree stage) =>
        stage.Root.Files.Any(x => x.Name == BuildScript.ModesFile)
            ? StageMode.Parse(File.ReadAllText(Path.Join(store.TreePath(stage.Digest), BuildScript.ModesFile)))
            : [];

    private static BuiltOutput? FindOutput(string name, IReadOnlyDictionary<string, PackageResult> results)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return results[name[..colon]].Outputs.GetValueOrDefault(name[(colon + 1)..]);
    }
}
