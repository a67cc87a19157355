using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Contracts;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Bumping;

/// <summary>
/// Builds a workspace as it will be after a bump, and compares with what the store has of it as it is.
/// </summary>
/// <param name="store">Where both are.</param>
/// <param name="workspace">The workspace as it is.</param>
/// <param name="before">What is built of it.</param>
/// <param name="after">The workspace as it will be.</param>
/// <param name="builder">Builds the latter.</param>
internal sealed class BumpBuilder(
    ContentStore store,
    Workspace workspace,
    BuiltPackages before,
    RecipeGraph after,
    Builder builder
)
{
    /// <summary>Builds the packages of a source, then the images that hold them and were built before.</summary>
    /// <exception cref="EngineException">Something does not build, or an image can no longer be composed.</exception>
    public Task<BumpBuild> RunAsync(string recipe, BuildOptions options, CancellationToken cancellationToken)
    {
        var impact = Impact.Of(after, recipe);
        return RunAsync(
            recipe,
            after.Workspace.Require(recipe) is SourceRecipe ? Users(recipe, impact) : [recipe],
            impact,
            options,
            cancellationToken
        );
    }

    /// <summary>Builds packages, then the images that what changes gets into and that were built before.</summary>
    /// <param name="recipe">What moves: messages name it.</param>
    /// <param name="targets">Packages.</param>
    /// <param name="impact">What the move reaches.</param>
    /// <param name="options">How to build.</param>
    /// <param name="cancellationToken">Ends the builds.</param>
    /// <exception cref="EngineException">Something does not build, or an image can no longer be composed.</exception>
    public async Task<BumpBuild> RunAsync(
        string recipe,
        ImmutableArray<string> targets,
        Impact impact,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        var outcomes = new Dictionary<string, PackageOutcome>(StringComparer.Ordinal);
        var report = await builder.BuildAsync(targets, options, cancellationToken);
        Take(report, recipe, outcomes);
        var packages = targets.Select(x => Compare(x, outcomes[x].Result!)).ToImmutableArray();
        var breaking = targets
            .Where(x => before.Find(x) is not null)
            .SelectMany(x => Breaking(x, outcomes[x].Result!))
            .ToImmutableArray();

        var images = ImmutableArray.CreateBuilder<ImageDifference>();
        var unbuilt = ImmutableArray.CreateBuilder<string>();
        var stacks = ImmutableArray.CreateBuilder<StackContract>();
        foreach (var image in impact.Images)
        {
            var old = Earlier(image, cancellationToken);
            // A contract says what was there before, whether or not it is built here. What counts is what was promised
            // so far: a collection that moves may bring another promise along.
            if (old is null && !StackContracts.On(image, workspace).Any())
            {
                unbuilt.Add(image);
                continue;
            }
            var composed = await ComposeAsync(image, recipe, outcomes, options, cancellationToken);
            stacks.AddRange(StackContracts.Standing(composed, workspace, after.Workspace, store));
            if (old is not null)
                images.Add(
                    new(image, old.FileBytes, composed.FileBytes, old.CompressedBytes, composed.CompressedBytes)
                );
        }
        var rebuilds = impact.Packages.Where(outcomes.ContainsKey).Select(x => Outcome(outcomes[x]));
        return new(packages, breaking, [.. rebuilds], images.ToImmutable(), unbuilt.ToImmutable())
        {
            Stacks = stacks.ToImmutable(),
        };
    }

    /// <summary>A recipe without a build only pins a source: those that lay it into theirs are built.</summary>
    private ImmutableArray<string> Users(string recipe, Impact impact) =>
        [
            .. impact.Packages.Where(x =>
                after.Dependencies(x).Any(d => d.Kind == DependencyKind.Source && d.To == recipe)
            ),
        ];

    private static void Take(BuildReport report, string recipe, Dictionary<string, PackageOutcome> outcomes)
    {
        if (!report.Succeeded)
        {
            var failed = report.Outcomes.Values.Where(x => x.State == BuildState.Failed).Select(x => $"'{x.Package}'");
            throw new EngineException(
                $"{string.Join(" and ", failed)} did not build with the new version of '{recipe}'; nothing was changed"
            );
        }
        // What was built in the first round is found in the store by the next.
        foreach (var (name, outcome) in report.Outcomes)
        {
            if (outcomes.GetValueOrDefault(name) is not { State: BuildState.Built })
                outcomes[name] = outcome;
        }
    }

    private PackageDifference Compare(string package, BuiltPackage result)
    {
        var now = Files(result);
        return new(
            package,
            now.FileBytes,
            before.Find(package) is { } old ? OutputComparison.Of(Files(old), now) : null
        );
    }

    /// <summary>The package's own files were made anew together with the library.</summary>
    private ImmutableArray<BreakingSymbol> Breaking(string package, BuiltPackage result) =>
        BreakingSymbols.Find(
            Files(before.Find(package)!),
            Files(result),
            Dependents.Of(before, store).Where(x => !x.Owner.StartsWith(package + ":", StringComparison.Ordinal))
        );

    private FileListing Files(BuiltPackage package) =>
        FileListing.OfTrees(package.Outputs.Values.Select(x => x.Tree), store);

    private RebuildOutcome Outcome(PackageOutcome outcome)
    {
        var old = before.Find(outcome.Package)?.Outputs.Select(x => (x.Key, x.Value.Tree));
        var isUnchanged =
            old is not null && old.SequenceEqual(outcome.Result!.Outputs.Select(x => (x.Key, x.Value.Tree)));
        return new(
            outcome.Package,
            outcome.State == BuildState.Built ? outcome.Elapsed?.TotalSeconds : null,
            isUnchanged
        );
    }

    /// <summary>The image as the workspace is; null if it is not built, or could not be composed even then.</summary>
    private ImageResult? Earlier(string image, CancellationToken cancellationToken)
    {
        var recipe = workspace.RequireImage(image);
        var closure = RuntimeClosure.Of(recipe, before.Find, store);
        return closure.IsWhole
            ? ImageComposer.Compose(recipe, closure, store, cancellationToken: cancellationToken).Image
            : null;
    }

    private async Task<ImageResult> ComposeAsync(
        string name,
        string recipe,
        Dictionary<string, PackageOutcome> outcomes,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        var composed = await new Composer(after.Workspace, store, builder, SilentObserver.Instance).ComposeAsync(
            name,
            options,
            cancellationToken
        );
        Take(composed.Builds, recipe, outcomes);
        return composed.Image
            ?? throw new EngineException(
                $"{string.Join('\n', composed.Faults)}\nThe image '{name}' cannot be composed with the new "
                    + $"version of '{recipe}'; nothing was changed"
            );
    }
}
