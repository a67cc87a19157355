using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Checks;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Running;

/// <summary>Splits, scans and checks a stage, and publishes its outputs.</summary>
internal sealed class OutputPublisher(ContentStore store, PackageRecords records)
{
    private const int MaxFindings = 20;

    /// <summary>The outputs of a stage, now in the store.</summary>
    /// <param name="plan">The package.</param>
    /// <param name="stage">The tree that the build installed.</param>
    /// <param name="candidates">The outputs in the build root with their owners' results.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">A check failed; the message lists every finding.</exception>
    public ImmutableSortedDictionary<string, BuiltOutput> Publish(
        PackagePlan plan,
        Digest stage,
        IReadOnlyDictionary<string, BuiltPackage> candidates,
        CancellationToken cancellationToken
    )
    {
        var tree = store.ReadTree(stage);
        StageNotes.RequireNames(tree);
        var modes = StageNotes.Modes(tree, store);
        var outputs = SplitStage.Store(plan.Recipe, tree, store, cancellationToken);
        Check(plan, modes, outputs, candidates, cancellationToken);
        records.AddOutputs(plan.ResultKey, plan.Action.Digest, outputs.Values);
        return outputs;
    }

    private void Check(
        PackagePlan plan,
        ImmutableArray<StageMode> modes,
        ImmutableSortedDictionary<string, BuiltOutput> outputs,
        IReadOnlyDictionary<string, BuiltPackage> results,
        CancellationToken cancellationToken
    )
    {
        var recipe = plan.Recipe;
        var own = outputs.Values.Select(x => x.ViewedAs($"{recipe.Name}:{x.Name}", store)).ToList();
        var root = (
            from name in plan.Root.Outputs
            let output = FindOutput(name, results)
            where output is not null
            select output.ViewedAs(name, store)
        ).ToList();
        var links = new UnionView<string>(root.Select(x => (x.Owner, x.Tree)));
        var onSeed = recipe.Area == RecipeArea.Toolchain;
        var findings = OutputChecks.Run(
            new()
            {
                Name = recipe.Name,
                Outputs =
                [
                    .. outputs.Values.Zip(own, (x, o) =>
                        new CheckedOutput(x.Name, o.Tree, store.TreePath(x.Tree), o.Scan)
                    ),
                ],
                Runtime = BuildView.Of([.. own, .. root], store.ReadText),
                Declared = recipe.Outputs,
                Permissions = recipe.Permissions,
                Waivers = recipe.Waivers,
                Modes = modes,
                LinkAt = x => links.Find(x) is var (_, entry) && entry.Kind == TreeEntryKind.Link ? entry.Target : null,
                MachinePaths = [store.Root],
                // What was made outside holds nothing of the seed, whatever compiler made it.
                IsFreeOfSeed = !recipe.IsPrebuilt && (!onSeed || recipe.Build.StandsFor is not null),
                IsFreeOfBuildPaths = !onSeed,
                IsInUsualPlaces = !onSeed,
            },
            cancellationToken
        );
        var failed = findings.Where(x => x.Waiver is null).ToList();
        if (failed.Count == 0)
            return;
        var lines = failed.Take(MaxFindings).Select(x => "  " + x).ToList();
        if (failed.Count > lines.Count)
            lines.Add($"  and {failed.Count - lines.Count} more");
        throw new EngineException(
            $"{failed.Count} {(failed.Count == 1 ? "check" : "checks")} of what was built failed; fix the recipe, "
                + $"or add [[waivers]] with a reason\n{string.Join('\n', lines)}"
        );
    }

    private static BuiltOutput? FindOutput(string name, IReadOnlyDictionary<string, BuiltPackage> results)
    {
        var (package, output) = OutputName.Parse(name);
        return results[package].Outputs.GetValueOrDefault(output);
    }
}
