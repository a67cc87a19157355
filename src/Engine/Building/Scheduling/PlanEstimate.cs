using System.Collections.Immutable;

namespace Recipes.Engine.Building.Scheduling;

/// <summary>When a plan will end.</summary>
/// <param name="Remaining">From now on.</param>
/// <param name="IsLowerBound">
/// True if it takes at least so long, since there are packages of which nobody can say.
/// </param>
internal readonly record struct PlanEstimate(TimeSpan Remaining, bool IsLowerBound)
{
    /// <summary>
    /// Plays the rest of a plan through as the scheduler would run it. Where durations are unknown that could be too
    /// long (a plan may end earlier with a longer action in it: R. L. Graham, Bounds on Multiprocessing Timing
    /// Anomalies, 1969), so then it is what no schedule can do without: the longest path, or the whole work on all
    /// slots.
    /// </summary>
    /// <param name="pending">
    /// What has yet to end, in topological order; what its members need besides has ended.
    /// </param>
    /// <param name="slots">How many run at once.</param>
    public static PlanEstimate Of(IReadOnlyList<PlanNode> pending, int slots)
    {
        var names = pending.Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        var plan = pending
            .Select(x => x with { Needs = [.. x.Needs.Where(names.Contains)], Expected = x.Expected ?? TimeSpan.Zero })
            .ToList();
        var paths = RemainingPaths.Of(plan);
        slots = Math.Max(slots, Math.Max(1, pending.Count(x => x.IsRunning)));
        if (pending.All(x => x.Expected is not null))
            return new(Play(plan, paths, slots), IsLowerBound: false);
        var work = new TimeSpan(plan.Sum(x => x.Expected!.Value.Ticks));
        var longest = paths.Values.DefaultIfEmpty().Max();
        return new(longest > work / slots ? longest : work / slots, IsLowerBound: true);
    }

    private static TimeSpan Play(List<PlanNode> plan, Dictionary<string, TimeSpan> paths, int slots)
    {
        var nodes = plan.ToDictionary(x => x.Name, StringComparer.Ordinal);
        var missing = plan.ToDictionary(x => x.Name, x => x.Needs.Length, StringComparer.Ordinal);
        var dependents = plan.SelectMany(x => x.Needs, (node, need) => (need, node.Name))
            .ToLookup(x => x.need, x => x.Name, StringComparer.Ordinal);
        var running = new PriorityQueue<string, TimeSpan>(
            plan.Where(x => x.IsRunning).Select(x => (x.Name, x.Expected!.Value))
        );
        var ready = new PriorityQueue<string, TimeSpan>();
        var now = TimeSpan.Zero;
        foreach (var node in plan.Where(x => x.Needs.IsEmpty && !x.IsRunning))
            ready.Enqueue(node.Name, -paths[node.Name]);
        while (running.Count + ready.Count > 0)
        {
            while (running.Count < slots && ready.TryDequeue(out var next, out _))
                running.Enqueue(next, now + nodes[next].Expected!.Value);
            running.TryDequeue(out var ended, out now);
            foreach (var dependent in dependents[ended!].Where(x => --missing[x] == 0))
                ready.Enqueue(dependent, -paths[dependent]);
        }
        return now;
    }
}
