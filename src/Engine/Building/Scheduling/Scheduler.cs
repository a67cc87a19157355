using System.Collections.Immutable;

namespace Recipes.Engine.Building.Scheduling;

/// <summary>
/// Runs a plan: each node as soon as its needs ended well, and among those that are ready the one with the longest
/// remaining path first. All state is changed by the one loop only.
/// </summary>
internal sealed class Scheduler
{
    private readonly IReadOnlyList<PlanNode> plan;
    private readonly IPlanWorker worker;
    private readonly bool keepGoing;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, BuildState> states;
    private readonly Dictionary<string, int> missing;
    private readonly ILookup<string, string> dependents;
    private readonly PriorityQueue<string, (TimeSpan Remaining, int Index)> ready;
    private readonly Dictionary<string, (TimeSpan Remaining, int Index)> priorities;
    private readonly HashSet<Task<Ending>> tasks = [];
    private int freeSlots;
    private int resolving;
    private bool stopping;

    /// <param name="plan">In topological order, without cycles.</param>
    /// <param name="worker">Does the work.</param>
    /// <param name="slots">Nodes that run at once.</param>
    /// <param name="keepGoing">After a failure, go on with what does not need the failed node.</param>
    /// <param name="cancellation">Ends running nodes, and skips what has not ended.</param>
    public Scheduler(
        IReadOnlyList<PlanNode> plan,
        IPlanWorker worker,
        int slots,
        bool keepGoing,
        CancellationToken cancellation
    )
    {
        (this.plan, this.worker, this.keepGoing, this.cancellation) = (plan, worker, keepGoing, cancellation);
        freeSlots = Math.Max(1, slots);
        states = plan.ToDictionary(x => x.Name, _ => BuildState.Waiting, StringComparer.Ordinal);
        missing = plan.ToDictionary(x => x.Name, x => x.Needs.Length, StringComparer.Ordinal);
        dependents = plan.SelectMany(x => x.Needs, (node, need) => (need, node.Name))
            .ToLookup(x => x.need, x => x.Name, StringComparer.Ordinal);
        var remaining = RemainingPaths.Of(plan);
        priorities = plan.Select((x, i) => (x.Name, i))
            .ToDictionary(x => x.Name, x => (remaining[x.Name], x.i), StringComparer.Ordinal);
        // The longest path first; equals in plan order, so that two runs of one plan agree.
        ready = new(
            Comparer<(TimeSpan Remaining, int Index)>.Create(
                (a, b) => a.Remaining == b.Remaining ? a.Index.CompareTo(b.Index) : b.Remaining.CompareTo(a.Remaining)
            )
        );
    }

    /// <summary>Runs the plan to its end, once; the task ends normally when it is cancelled too.</summary>
    /// <returns>How each node ended.</returns>
    public async Task<ImmutableSortedDictionary<string, BuildState>> RunAsync()
    {
        foreach (var node in plan.Where(x => x.Needs.IsEmpty))
            Resolve(node.Name);
        while (true)
        {
            stopping |= cancellation.IsCancellationRequested;
            StartReady();
            if (tasks.Count == 0)
                break;
            var ended = await Task.WhenAny(tasks);
            tasks.Remove(ended);
            Advance(await ended);
        }
        foreach (var node in plan.Where(x => states[x.Name] is BuildState.Waiting or BuildState.Ready))
            Set(node.Name, BuildState.Skipped);
        return states.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private void Resolve(string name)
    {
        if (stopping)
            return;
        Set(name, BuildState.Ready);
        resolving++;
        Start(name, Work.Resolve, async () => Next(await worker.ResolveAsync(name, cancellation)));
    }

    private static BuildState Next(Resolution resolution) =>
        resolution switch
        {
            Resolution.Done => BuildState.Cached,
            Resolution.Runnable => BuildState.Running,
            _ => BuildState.Ready,
        };

    private void StartReady()
    {
        // A node that is still being asked about may turn out to have the longest path.
        while (!stopping && resolving == 0 && freeSlots > 0 && ready.TryDequeue(out var name, out _))
        {
            freeSlots--;
            Set(name, BuildState.Running);
            Start(name, Work.Run, () => worker.RunAsync(name, cancellation));
        }
    }

    private void Start(string name, Work did, Func<Task<BuildState>> work) =>
        tasks.Add(Task.Run(() => GuardAsync(name, did, work), CancellationToken.None));

    private async Task<Ending> GuardAsync(string name, Work did, Func<Task<BuildState>> work)
    {
        try
        {
            return new(name, did, await work());
        }
        catch (EngineException e)
        {
            worker.Failed(name, e);
            return new(name, did, BuildState.Failed);
        }
        catch (Exception e) when (Content.StorageFault.IsOne(e))
        {
            // A disk that is full for one package may do for the others, and what they have done is kept.
            worker.Failed(name, Content.StorageFault.Of(e));
            return new(name, did, BuildState.Failed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(name, did, BuildState.Skipped);
        }
    }

    private void Advance(Ending ended)
    {
        if (ended.Did == Work.Resolve)
            resolving--;
        if (ended.Did == Work.Run)
            freeSlots++;
        if (ended.Next == BuildState.Running)
        {
            // It waits for a slot; its state stays Ready.
            ready.Enqueue(ended.Name, priorities[ended.Name]);
            return;
        }
        if (ended.Next == BuildState.Ready)
        {
            Start(ended.Name, Work.Prepare, () => PrepareAsync(ended.Name));
            return;
        }
        Set(ended.Name, ended.Next);
        if (ended.Next is BuildState.Failed or BuildState.Skipped)
        {
            stopping |= !keepGoing;
            SkipDependents(ended.Name);
            return;
        }
        foreach (var dependent in dependents[ended.Name])
        {
            if (--missing[dependent] == 0)
                Resolve(dependent);
        }
    }

    private async Task<BuildState> PrepareAsync(string name)
    {
        await worker.PrepareAsync(name, cancellation);
        return Next(await worker.ResolveAsync(name, cancellation));
    }

    private void SkipDependents(string name)
    {
        foreach (var dependent in dependents[name].Where(x => states[x] == BuildState.Waiting))
        {
            Set(dependent, BuildState.Skipped);
            SkipDependents(dependent);
        }
    }

    private void Set(string name, BuildState state)
    {
        states[name] = state;
        worker.StateChanged(name, state);
    }

    private enum Work
    {
        Resolve,
        Prepare,
        Run,
    }

    /// <param name="Name">The node.</param>
    /// <param name="Did">What was done for it.</param>
    /// <param name="Next">What it is now: ready where it needs sources, running where it may run.</param>
    private sealed record Ending(string Name, Work Did, BuildState Next);
}
