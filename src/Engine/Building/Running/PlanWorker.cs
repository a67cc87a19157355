using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Scheduling;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Running;

/// <summary>Does the work of a plan: finds or makes the result of one package after the other.</summary>
internal sealed class PlanWorker(
    Workspace workspace,
    RecipeGraph graph,
    ContentStore store,
    ISandbox sandbox,
    ISourceTrees sources,
    IEngineObserver observer
) : IPlanWorker
{
    private readonly PackageRecords records = new(store);
    private readonly BuildHistory history = new(store);
    private readonly KeptBuilds keptBuilds = new(store);
    private readonly ConcurrentDictionary<string, PackagePlan> plans = new(StringComparer.Ordinal);
    private readonly Resolver resolver = new(graph, store, sources);
    private readonly BuildSources buildSources = new(workspace, sources, store);
    private readonly ConcurrentDictionary<string, PackageFailure> failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PastBuild> runs = new(StringComparer.Ordinal);

    /// <summary>The job server of the plan that runs, and how many jobs it has.</summary>
    public required JobServer JobServer { get; init; }

    /// <summary>Jobs at once on the whole machine.</summary>
    public required int Jobs { get; init; }

    /// <summary>The package to go on with in its kept folders, or null.</summary>
    public string? Resume { get; init; }

    /// <summary>True to refuse what is only there from a resumed build.</summary>
    public bool RequiresClean { get; init; }

    /// <summary>Brings sources in ahead of time.</summary>
    public required SourcePrefetch Prefetch { get; init; }

    /// <summary>The plan in topological order.</summary>
    public required ImmutableArray<string> Order { get; init; }

    /// <summary>What was built or found so far.</summary>
    public IReadOnlyDictionary<string, BuiltPackage> Results => resolver.Results;

    /// <inheritdoc/>
    public Task<Resolution> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        var resolution = Advance(name, cancellationToken);
        if (resolution != Resolution.Done)
            PrefetchFrom(name);
        return Task.FromResult(resolution);
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(string name, CancellationToken cancellationToken)
    {
        var recipe = workspace.Recipes[name];
        if (recipe is SeedRecipe)
            await sources.EnsureAsync(recipe, cancellationToken);
        else
            await buildSources.EnsureAsync(recipe, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<BuildState> RunAsync(string name, CancellationToken cancellationToken)
    {
        // What is made anew may come out as something else, and then this is another action.
        while (await RenewInputsAsync(name, cancellationToken))
        {
            if (Advance(name, cancellationToken) == Resolution.Done)
                return BuildState.Cached;
        }
        var plan = plans[name];
        using var turn = await TakeTurnAsync(name, plan.Action.Digest, cancellationToken);
        // Another process may have built it since it was asked for.
        if (Advance(name, cancellationToken) == Resolution.Done)
            return BuildState.Cached;
        var runner = new ActionRun(store, sandbox, JobServer, observer);
        var isResumed = name == Resume;
        var end = isResumed
            ? await runner.ResumeAsync(plan, Jobs, cancellationToken)
            : await runner.BuildAsync(plan, Jobs, cancellationToken);
        runs[name] = end.Run;
        if (end.Failure is not null)
            return Fail(end.Failure with { Hints = HintsOf(plan, end.LogPath) });
        if (!isResumed)
        {
            records.AddStage(plan.Action.Digest, end.Stage, end.Result.Elapsed, end.Result.CpuTime);
            keptBuilds.Remove(name);
        }
        try
        {
            if (isResumed)
                FinishResumed(plan, end.Stage, cancellationToken);
            else
                Finish(plan, Publish(plan, end.Stage, cancellationToken));
            return BuildState.Built;
        }
        catch (Exception e) when (e is EngineException || StorageFault.IsOne(e))
        {
            return Fail(new(name, StorageFault.Describe(e), [], end.LogPath, store.TreePath(end.Stage)));
        }
    }

    /// <summary>
    /// Makes sure that all that a package is built from is what it was: what is cached was found by its name alone.
    /// What is damaged is dropped, and fetched or built anew.
    /// </summary>
    /// <returns>True if something was.</returns>
    private async Task<bool> RenewInputsAsync(string name, CancellationToken cancellationToken)
    {
        var isRenewed = false;
        var plan = plans[name];
        if (plan.Sources.Any(x => !store.IsSound(x.Tree, cancellationToken)))
        {
            await PrepareAsync(name, cancellationToken);
            isRenewed = true;
        }
        var root = plan.Root;
        var damaged = root
            .Outputs.Zip(root.Trees)
            .Where(x => !store.IsSound(x.Second, cancellationToken))
            .Select(x => OutputName.Parse(x.First).Package);
        foreach (var package in damaged.Distinct(StringComparer.Ordinal).ToList())
        {
            if (Advance(package, cancellationToken) == Resolution.NeedsSources)
                await PrepareAsync(package, cancellationToken);
            if (
                Advance(package, cancellationToken) != Resolution.Done
                && await RunAsync(package, cancellationToken) == BuildState.Failed
            )
                throw new EngineException(
                    $"the files of '{package}' in the store were damaged, and building it anew failed"
                );
            isRenewed = true;
        }
        return isRenewed;
    }

    /// <inheritdoc/>
    public void StateChanged(string name, BuildState state)
    {
        var elapsed = runs.TryGetValue(name, out var run) ? TimeSpan.FromSeconds(run.Seconds) : (TimeSpan?)null;
        observer.On(
            state == BuildState.Running
                ? new PackageStateChanged(name, state, Expected: Expected(name))
                : new PackageStateChanged(name, state, elapsed)
        );
    }

    /// <inheritdoc/>
    public void Failed(string name, EngineException reason) => Fail(new(name, reason.Text, [], null, null));

    /// <summary>How long a package took when it last ran, or null; of a seed nothing runs.</summary>
    public TimeSpan? Expected(string name) =>
        workspace.Recipes[name] is SeedRecipe ? TimeSpan.Zero
        : history.Find(name) is { } past ? TimeSpan.FromSeconds(past.Seconds)
        : null;

    /// <summary>
    /// What the scheduler takes for the duration: that of the last run, or for what was never built a guess by the size
    /// of its source, since large programs take long.
    /// </summary>
    public TimeSpan Weight(PlanNode package) =>
        package.Expected
        ?? TimeSpan.FromSeconds(10 + (2e-6 * SourcesOf(package.Name).Sum(x => sources.ArchiveBytes(x.Recipe))));

    /// <summary>How a package of the plan ended.</summary>
    public PackageOutcome Outcome(string name, BuildState state) =>
        new(
            name,
            state,
            failures.GetValueOrDefault(name),
            runs.TryGetValue(name, out var run) ? TimeSpan.FromSeconds(run.Seconds) : null,
            run?.CpuSeconds is { } cpu ? TimeSpan.FromSeconds(cpu) : null
        )
        {
            Result = resolver.Results.GetValueOrDefault(name),
        };

    private Resolution Advance(string name, CancellationToken cancellationToken)
    {
        var standing = resolver.Look(name);
        if (standing.Problem is not null)
            throw standing.Problem;
        if (standing.Plan is { } plan)
            plans[name] = plan;
        switch (standing)
        {
            case { Standing: Standing.Built, Result: { } result }:
                resolver.Know(result);
                return Resolution.Done;
            // One that is damaged is built anew.
            case { Standing: Standing.Unsplit, Plan: { } unsplit }
                when records.FindStage(unsplit.Action.Digest) is { } stage && store.IsSound(stage, cancellationToken):
                Finish(unsplit, Publish(unsplit, stage, cancellationToken));
                return Resolution.Done;
            case { Standing: Standing.WithoutSource }:
            case { Plan: { } missing } when missing.Sources.Any(x => !store.HasTree(x.Tree)):
                return Resolution.NeedsSources;
            default:
                if (RequiresClean)
                    RequireClean(plans[name]);
                return Resolution.Runnable;
        }
    }

    // Two processes that build one action would do the work twice, and write into one log.
    private async Task<ActionLock> TakeTurnAsync(string name, Digest action, CancellationToken cancellationToken)
    {
        var turn = store.TryLockAction(action);
        if (turn is null)
            observer.On(new BuildAwaited(name));
        while (turn is null)
        {
            await Task.Delay(200, cancellationToken);
            turn = store.TryLockAction(action);
        }
        return turn;
    }

    // What is built on something new is most likely to be built anew as well.
    private void PrefetchFrom(string name)
    {
        var affected = new HashSet<string>(StringComparer.Ordinal) { name };
        foreach (var next in Order.Where(x => graph.DirectNeeds(x).Any(n => affected.Contains(n.Package))))
            affected.Add(next);
        Prefetch.Want(Order.Where(affected.Contains).SelectMany(x => SourcesOf(x)).Select(x => x.Recipe));
    }

    private ImmutableArray<(string Path, Recipe Recipe)> SourcesOf(string name) =>
        SourceLayout.Of(workspace.Recipes[name], workspace).Trees;

    private ImmutableSortedDictionary<string, BuiltOutput> Publish(
        PackagePlan plan,
        Digest stage,
        CancellationToken cancellationToken
    ) => new OutputPublisher(store, records).Publish(plan, stage, resolver.Results, cancellationToken);

    private BuiltPackage Finish(PackagePlan plan, ImmutableSortedDictionary<string, BuiltOutput> outputs)
    {
        var result = resolver.ResultOf(plan, outputs);
        resolver.Know(result);
        return result;
    }

    // Under a key of its own, so that nothing takes it for what the action leaves.
    private void FinishResumed(PackagePlan plan, Digest stage, CancellationToken cancellationToken)
    {
        var result = Finish(plan, Publish(plan with { ResultKey = plan.ResumedAction }, stage, cancellationToken));
        resolver.Know(result with { Action = plan.ResumedAction, IsClean = false });
    }

    private void RequireClean(PackagePlan plan)
    {
        var name = plan.Recipe.Name;
        if (keptBuilds.Find(name) is { IsFinished: true } past && past.Action == plan.Action.Digest)
            throw new EngineException(
                $"'{name}' is only there from a build that was resumed, which is not clean, and no image is made of "
                    + $"that; to have it anew, {new Remedy(RemedyKind.Build, name)}"
            );
    }

    private ImmutableArray<FailureHint> HintsOf(PackagePlan plan, string logPath)
    {
        try
        {
            return new FailureHints(new(graph, store, sources, names: null, CancellationToken.None), store).Of(
                plan,
                logPath
            );
        }
        catch (Exception e) when (e is EngineException || StorageFault.IsOne(e))
        {
            // A hint that is not available must not hide the failure.
            return [];
        }
    }

    private BuildState Fail(PackageFailure failure)
    {
        failures[failure.Package] = failure;
        observer.On(failure);
        return BuildState.Failed;
    }
}
