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
    private const int MaxModes = 1 << 20;

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
        var modes = Modes(tree);
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
        var root =
            from name in plan.Root.Outputs
            let output = FindOutput(name, results)
            where output is not null
            select output.ViewedAs(name, store);
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
                MachinePaths = [store.Root],
                IsFreeOfSeed = !onSeed || recipe.Build.StandsFor is not null,
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

    // The last step writes it, but the build may have made something of that name before: it must neither hide modes
    // nor lead anywhere.
    private ImmutableArray<StageMode> Modes(Tree stage)
    {
        const string name = BuildScript.ModesFile;
        if (stage.Find(name) is not { } entry)
            return [];
        if (entry.Kind != TreeEntryKind.File)
            throw new EngineException(
                $"the build made a {entry.Kind.ToString().ToLowerInvariant()} at /stage/{name}, where the last step "
                    + $"lists special modes; use another name"
            );
        try
        {
            if (entry.Digest.Size > MaxModes)
                throw new FormatException($"it has {entry.Digest.Size} bytes");
            using var file = new FileStream(Posix.OpenBeneath(store.TreePath(stage.Digest), name), FileAccess.Read);
            using var reader = new StreamReader(file);
            return StageMode.Parse(reader.ReadToEnd());
        }
        catch (FormatException e)
        {
            throw new EngineException(
                $"/stage/{name} is not the list of special modes that the last step writes: "
                    + $"{e.Message.TrimEnd('.')}; the build made that file itself, or a file with a special mode "
                    + $"has a line break in its name",
                e
            );
        }
    }

    private static BuiltOutput? FindOutput(string name, IReadOnlyDictionary<string, BuiltPackage> results)
    {
        var (package, output) = OutputName.Parse(name);
        return results[package].Outputs.GetValueOrDefault(output);
    }
}
