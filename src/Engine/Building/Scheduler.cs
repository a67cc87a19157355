using System.Collections.Immutable;

namespace Recipes.Engine.Building;

/// <summary>One package of a plan, as the scheduler sees it.</summary>
/// <param name="Name">Unique in the plan.</param>
/// <param name="Needs">Names in the plan that must end well first.</param>
/// <param name="Expected">How long it is expected to run.</param>
internal sealed record PlanNode(string Name, ImmutableArray<string> Needs, TimeSpan Expected);

/// <summary>What is left to do for a node whose needs all ended well.</summary>
internal enum Resolution
{
    /// <summary>Nothing: the store holds the result.</summary>
    Done,

    /// <summary>To run it.</summary>
    Runnable,

    /// <summary>To get its sources, and then to run it.</summary>
    NeedsSources,
}

/// <summary>What the scheduler asks of those who do the work. Any of it may throw <see cref="EngineException"/>, which
/// fails the node.</summary>
internal interface IPlanWorker
{
    /// <summary>Called when all needs ended well; quick, since nothing is started until all such answers are there.</summary>
    Task<Resolution> ResolveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Gets the sources of a node, outside any slot; afterwards it is resolved again.</summary>
    Task PrepareAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Runs the node in a slot of its own: <see cref="BuildState.Built"/> or <see cref="BuildState.Failed"/>, or
    /// <see cref="BuildState.Cached"/> if it was there after all.
    /// </summary>
    Task<BuildState> RunAsync(string name, CancellationToken cancellationToken);

    /// <summary>A node went to another state.</summary>
    void StateChanged(string name, BuildState state);

    /// <summary>A node failed by an exception that is a person's to fix.</summary>
    void Failed(string name, EngineException reason);
}

/// <summary>
/// Runs a plan: each node as soon as its needs ended well, at most <paramref name="slots"/> at once, and among those that
/// are ready the one with the longest remaining path first.
/// </summary>
/// <param name="slots">Nodes that run at once.</param>
/// <param name="keepGoing">After a failure, go on with what does not need the failed node.</param>
internal sealed class Scheduler(int slots, bool keepGoing)
{
    /// <summary>Runs the plan to its end and tells how each node ended. Cancelling skips what has not ended.</summary>
    /// <param name="plan">In topological order, without cycles.</param>
    /// <param name="worker">Does the work.</param>
    /// <param name="cancellationToken">Ends running nodes; the task still ends normally.</param>
    public async Task<ImmutableSortedDictionary<string, BuildState>> RunAsync(
        IReadOnlyList<PlanNode> plan,
        IPlanWorker worker,
        CancellationToken cancellationToken
    )
    {
        var run = new PlanRun(plan, worker, slots, keepGoing, cancellationToken);
        return await run.ToEndAsync();
    }
}
