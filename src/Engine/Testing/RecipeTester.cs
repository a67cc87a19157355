using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Testing;

/// <summary>
/// Runs the <c>[test]</c> of packages and images, each in a sandbox with no more than an image would hold; builds first
/// what is not built. <c>docs/testing.md</c> says what a test sees.
/// </summary>
/// <param name="workspace">The recipes, without faults.</param>
/// <param name="store">Holds what is tested, and keeps what passed.</param>
/// <param name="builder">Builds what is missing.</param>
/// <param name="sandbox">Where tests run.</param>
/// <param name="observer">Is told what happens.</param>
internal sealed class RecipeTester(
    Workspace workspace,
    ContentStore store,
    Builder builder,
    ISandbox sandbox,
    IEngineObserver observer
)
{
    private readonly TestRecords records = new(store);

    /// <summary>Tests recipes. A test that fails is an outcome, not an exception.</summary>
    /// <param name="names">Recipes with a <c>[test]</c>.</param>
    /// <param name="options">How to build; as many tests run at once as builds do.</param>
    /// <param name="again">Run also what passed before.</param>
    /// <param name="cancellationToken">Ends running tests and builds.</param>
    public async Task<TestReport> TestAsync(
        IEnumerable<string> names,
        BuildOptions options,
        bool again,
        CancellationToken cancellationToken
    )
    {
        var recipes = names.Distinct().Order(StringComparer.Ordinal).Select(workspace.RequireTest).ToList();
        var (roots, builds) = await BuildAsync(recipes, options, cancellationToken);
        var composer = new Composer(workspace, store, builder, observer);
        foreach (var image in recipes.Where(x => x.Recipe is ImageRecipe))
            roots[image.Name] = await ComposeAsync(composer, image, builds, options, cancellationToken);
        var outcomes = new TestOutcome[recipes.Count];
        var atOnce = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Builds ?? options.Jobs,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, recipes.Count, atOnce, async (i, stop) =>
        {
            outcomes[i] = await TestAsync(recipes[i], roots[recipes[i].Name], options.Jobs, again, stop);
            observer.On(outcomes[i]);
        });
        return new([.. outcomes], [.. builds.Values]);
    }

    /// <summary>
    /// Builds until nothing is missing that a root is made of: only built files tell what else they need.
    /// </summary>
    private async Task<(Dictionary<string, TestRoot> Roots, Dictionary<string, PackageOutcome> Builds)> BuildAsync(
        List<TestedRecipe> recipes,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        var targets = recipes
            .SelectMany(x => TestRoot.Targets(x, workspace))
            .Where(x => workspace.Recipes[x] is not ImageRecipe)
            .ToImmutableSortedSet(StringComparer.Ordinal);
        while (true)
        {
            var report = await builder.BuildAsync([.. targets], options, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var results = report
                .Outcomes.Values.Select(x => x.Result)
                .OfType<BuiltPackage>()
                .ToDictionary(x => x.Recipe.Name, StringComparer.Ordinal);
            var roots = recipes
                .Where(x => x.Recipe is PackageRecipe)
                .ToDictionary(x => x.Name, x => TestRoot.Of(x, workspace, results, store), StringComparer.Ordinal);
            var more = targets.Union(roots.Values.SelectMany(x => x.Unbuilt));
            if (more.Count == targets.Count)
                return (roots, report.Outcomes.ToDictionary());
            targets = more;
        }
    }

    private async Task<TestRoot> ComposeAsync(
        Composer composer,
        TestedRecipe image,
        Dictionary<string, PackageOutcome> builds,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        var report = await composer.ComposeAsync(image.Name, options, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (name, outcome) in report.Builds.Outcomes)
            builds.TryAdd(name, outcome);
        if (report.Image is null)
        {
            var failed = report.Builds.Outcomes.Values.Where(x => x.State is BuildState.Failed or BuildState.Skipped);
            return new([], [.. failed.Select(x => x.Package)], string.Join('\n', report.Faults.Select(x => x.Message)));
        }
        var root = ImageRoot.Of(report.Image, store).Tree;
        var results = builds
            .Values.Select(x => x.Result)
            .OfType<BuiltPackage>()
            .ToDictionary(x => x.Recipe.Name, StringComparer.Ordinal);
        return TestRoot.OfImage(image, root, workspace, results, store);
    }

    private async Task<TestOutcome> TestAsync(
        TestedRecipe recipe,
        TestRoot root,
        int jobs,
        bool again,
        CancellationToken cancellationToken
    )
    {
        if (!root.Unbuilt.IsEmpty)
            return new(recipe.Name, TestState.NotBuilt)
            {
                Message = $"not tested, for it is not built: {string.Join(", ", root.Unbuilt)}",
            };
        if (root.Problem is not null)
            return new(recipe.Name, TestState.Failed) { Message = root.Problem };
        try
        {
            var plan = TestPlan.Of(recipe, root, store);
            return !again && records.HasPassed(plan.Action.Digest)
                ? new(recipe.Name, TestState.Cached)
                : await RunAsync(plan, jobs, cancellationToken);
        }
        catch (Exception e) when (e is EngineException || StorageFault.IsOne(e))
        {
            return new(recipe.Name, TestState.Failed) { Message = StorageFault.Describe(e) };
        }
    }

    private async Task<TestOutcome> RunAsync(TestPlan plan, int jobs, CancellationToken cancellationToken)
    {
        observer.On(new TestStarted(plan.Recipe.Name));
        ActionParts.KeepRoot(plan.Action.Digest, plan.Trees.Select((x, i) => ($"/{i}", x)), store);
        var path = store.BeginLog(plan.Action.Digest);
        using var log = new StepLog(path, plan.Recipe.Name, observer);
        var result = await sandbox.RunAsync(plan.Request(jobs, store), log, cancellationToken);
        log.Close();
        store.EndLog(plan.Action.Digest);
        var ended = new TestOutcome(plan.Recipe.Name, TestState.Passed) { LogPath = path, Elapsed = result.Elapsed };
        if (result.Succeeded)
        {
            records.Add(plan.Action.Digest, result.Elapsed);
            return ended;
        }
        var message = result.End switch
        {
            SandboxEnd.TimedOut => $"the test took longer than {TimeLimit.Of(TestPlan.LimitsOf(plan.Recipe))}",
            SandboxEnd.OutOfMemory => "the test took more memory than [build.limits] memory allows",
            _ => $"the test failed with exit status {result.ExitStatus}",
        };
        return ended with { State = TestState.Failed, Message = message, LogTail = log.Tail };
    }
}
