using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;

namespace Recipes.Engine.Building.Running;

/// <summary>
/// A shell in the sandbox of a package's build: the same root, environment and folders, and no network.
/// </summary>
/// <param name="Sandbox">What to run.</param>
/// <param name="Failed">
/// The failure whose folders it opens, which are changed in place; null for a fresh source tree.
/// </param>
/// <param name="Steps">All steps of the build, any of which <c>sh /recipe/.steps/run STEP</c> runs.</param>
/// <param name="Before">The steps that run before the shell opens.</param>
internal sealed record ShellRequest(
    SandboxRequest Sandbox,
    KeptBuild? Failed,
    ImmutableArray<string> Steps,
    ImmutableArray<string> Before
)
{
    // A step that fails is no reason not to look; and the shell is not for the steps to read from.
    private const string OpenAfterSteps =
        """sh /recipe/.steps/run "$@" < /dev/null || echo "a step before failed, with status $?" >&2; exec /bin/sh""";

    /// <summary>Prepares the shell; what the build needs has to be in the store.</summary>
    /// <param name="plan">The build.</param>
    /// <param name="step">The step to open it before, or null for where the build failed, or its start.</param>
    /// <param name="store">Holds the folders of failures, and takes the recipe's files.</param>
    /// <param name="jobs">Jobs at once on the whole machine.</param>
    /// <exception cref="EngineException">There is no such step.</exception>
    internal static ShellRequest Of(PackagePlan plan, string? step, ContentStore store, int jobs)
    {
        var steps = plan.RecipeTree.Script.Steps;
        if (step is not null && !steps.Contains(step))
            throw new EngineException(
                $"the build of '{plan.Recipe.Name}' has no step '{step}'; there are: {string.Join(", ", steps)}"
            );
        plan.AddTrees(store);
        var kept = new KeptBuilds(store);
        var request = plan.Request with { Jobs = jobs, WorkingDirectory = "/build" };
        // A recipe that went back to what is built has left its failure behind.
        var isBuilt = new PackageRecords(store).FindStage(plan.Action.Digest) is not null;
        if (
            !isBuilt
            && kept.Find(plan.Recipe.Name) is { IsFinished: false } failed
            && (step ?? failed.Step) == failed.Step
        )
            return new(
                request with
                {
                    Arguments = ["/bin/sh"],
                    KeptFolder = kept.Folder(plan.Recipe.Name),
                },
                failed,
                steps,
                []
            );
        ImmutableArray<string> before = step is null ? [] : [.. steps.TakeWhile(x => x != step)];
        return new(
            request with
            {
                Arguments = before.IsEmpty ? ["/bin/sh"] : ["/bin/sh", "-c", OpenAfterSteps, "sh", .. before],
            },
            null,
            steps,
            before
        );
    }
}

/// <summary>A shell to open, or how the builds ended that it would have needed.</summary>
/// <param name="Request">Null if something it needs could not be built.</param>
/// <param name="Needs">How each package that it needs ended.</param>
internal sealed record ShellPreparation(ShellRequest? Request, BuildReport Needs);
