using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Scheduling;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Running;

/// <summary>Builds packages with all they need. What the store already holds is not built again.</summary>
internal sealed class Builder
{
    private readonly Workspace workspace;
    private readonly RecipeGraph graph;
    private readonly ContentStore store;
    private readonly ISandbox sandbox;
    private readonly ISourceTrees sources;
    private readonly IEngineObserver observer;

    /// <summary>Builds with the sources that the lock pins.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="locks">The workspace's lock.</param>
    /// <param name="store">Where results are kept and looked up.</param>
    /// <param name="sandbox">Where actions run.</param>
    /// <param name="fetcher">Brings sources into the store.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="unpinned">Sources to build from in place of pinned ones; the results say so.</param>
    public Builder(
        RecipeGraph graph,
        LockFile locks,
        ContentStore store,
        ISandbox sandbox,
        SourceFetcher fetcher,
        IEngineObserver observer,
        IReadOnlyCollection<UnpinnedSource>? unpinned = null
    )
        : this(
            graph,
            store,
            sandbox,
            new PartlyUnpinnedSources(
                OwnCodeTrees.Of(graph.Workspace, new LockedSources(locks, fetcher), store),
                unpinned ?? [],
                store
            ),
            observer
        ) { }

    internal Builder(
        RecipeGraph graph,
        ContentStore store,
        ISandbox sandbox,
        ISourceTrees sources,
        IEngineObserver observer
    )
    {
        (workspace, this.graph, this.store) = (graph.Workspace, graph, store);
        (this.sandbox, this.sources, this.observer) = (sandbox, sources, observer);
    }

    /// <summary>Builds these packages, and for images what they include.</summary>
    /// <param name="targets">Names of recipes.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends running builds; what is finished stays in the store.</param>
    /// <returns>How each package of the plan ended; failures are outcomes, not exceptions.</returns>
    /// <exception cref="EngineException">
    /// There is no such recipe, or nothing to build in it; then nothing is built.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and the builds that ran have ended.</exception>
    public async Task<BuildReport> BuildAsync(
        IReadOnlyList<string> targets,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        var order = graph.BuildOrder(targets);
        if (options.Resume is { } resumed)
            workspace.RequirePackage(resumed);
        using var scratch = store.CreateScratch("jobs");
        using var jobServer = new JobServer(scratch.Path, options.Jobs);
        await using var prefetch = new SourcePrefetch(sources, cancellationToken);
        var worker = new PlanWorker(workspace, graph, store, sandbox, sources, observer)
        {
            JobServer = jobServer,
            Jobs = options.Jobs,
            Prefetch = prefetch,
            Resume = options.Resume,
            RequiresClean = options.RequiresClean,
            Order = order,
        };
        var packages = Planned(order, worker);
        var builds = Math.Max(1, options.Builds ?? options.Jobs);
        observer.On(new PlanMade(packages, builds, options.KeepGoing));
        var plan = packages.Select(x => x with { Expected = worker.Weight(x) }).ToList();
        var states = await new Scheduler(plan, worker, builds, options.KeepGoing, cancellationToken).RunAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return new(
            states.ToImmutableSortedDictionary(x => x.Key, x => worker.Outcome(x.Key, x.Value), StringComparer.Ordinal)
        );
    }

    /// <summary>
    /// Builds what a package needs, brings its sources in, and prepares a shell in the sandbox of its build.
    /// </summary>
    /// <param name="package">The name of a package.</param>
    /// <param name="step">The step to open it before; null for where the last build failed, or for the start.</param>
    /// <param name="options">How to build.</param>
    /// <param name="cancellationToken">Ends running builds.</param>
    /// <exception cref="EngineException">There is no such package or step, or the build cannot be planned.</exception>
    public async Task<ShellPreparation> PrepareShellAsync(
        string package,
        string? step,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        var recipe = workspace.RequirePackage(package);
        var needs = graph.DirectNeeds(package).Select(x => x.Package).Distinct(StringComparer.Ordinal);
        var report = await BuildAsync([.. needs], options, cancellationToken);
        if (!report.Succeeded)
            return new(null, report);
        await new BuildSources(workspace, sources, store).EnsureAsync(recipe, cancellationToken);
        var standing = new BuiltPackages(graph, store, sources, [package], cancellationToken)[package];
        var plan = standing.Plan
            ?? throw standing.Problem ?? new EngineException($"the build of '{package}' cannot be planned");
        return new(ShellRequest.Of(plan, step, store, options.Jobs), report);
    }

    private ImmutableArray<PlanNode> Planned(ImmutableArray<string> order, PlanWorker worker)
    {
        var members = order.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. order.Select(x => new PlanNode(
                x,
                [
                    .. graph
                        .DirectNeeds(x)
                        .Select(n => n.Package)
                        .Where(members.Contains)
                        .Distinct(StringComparer.Ordinal),
                ],
                worker.Expected(x)
            )),
        ];
    }
}
