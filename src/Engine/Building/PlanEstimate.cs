using System.Collections.Immutable;

namespace Recipes.Engine.Building;

/// <summary>A package that has yet to end.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Needs">What it needs directly; those that are not in the list have ended.</param>
/// <param name="Remaining">How long its action will still run, or null where nobody can say.</param>
/// <param name="IsRunning">True if it has a slot already.</param>
public sealed record PendingPackage(string Name, ImmutableArray<string> Needs, TimeSpan? Remaining, bool IsRunning);

/// <summary>When a plan will end.</summary>
/// <param name="Remaining">From now on.</param>
/// <param name="IsLowerBound">True if it takes at least so long, since there are packages of which nobody can say.</param>
public readonly record struct PlanEstimate(TimeSpan Remaining, bool IsLowerBound)
{
    /// <summary>
    /// Plays the rest of a plan through as the scheduler would run it. Where durations are unknown that could be too long
    /// (a plan may end earlier with a longer action in it: R. L. Graham, Bounds on Multiprocessing Timing Anomalies, 1969), so
    /// then it is what no schedule can do without: the longest path, or the whole work on all slots.
    /// </summary>
    /// <param name="pending">In topological order.</param>
    /// <param name="slots">How many run at once.</param>
    public static PlanEstimate Of(IReadOnlyList<PendingPackage> pending, int slots)
    {
        var names = pending.Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        var plan = pending.Select(x => new PlanNode(x.Name, [.. x.Needs.Where(names.Contains)], x.Remaining ?? default)).ToList();
        var paths = RemainingPaths.Of(plan);
        slots = Math.Max(slots, Math.Max(1, pending.Count(x => x.IsRunning)));
        if (pending.All(x => x.Remaining is not null))
            return new(Play(plan, pending.Where(x => x.IsRunning).Select(x => x.Name), paths, slots), IsLowerBound: false);
        var work = new TimeSpan(plan.Sum(x => x.Expected.Ticks));
        var longest = paths.Values.DefaultIfEmpty().Max();
        return new(longest > work / slots ? longest : work / slots, IsLowerBound: true);
    }

    private static TimeSpan Play(List<PlanNode> plan, IEnumerable<string> started, Dictionary<string, TimeSpan> paths, int slots)
    {
        var nodes = plan.ToDictionary(x => x.Name, StringComparer.Ordinal);
        var missing = plan.ToDictionary(x => x.Name, x => x.Needs.Length, StringComparer.Ordinal);
        var dependents = plan.SelectMany(x => x.Needs, (node, need) => (need, node.Name)).ToLookup(x => x.need, x => x.Name, StringComparer.Ordinal);
        var running = new PriorityQueue<string, TimeSpan>(started.Select(x => (x, nodes[x].Expected)));
        var isStarted = running.UnorderedItems.Select(x => x.Element).ToHashSet(StringComparer.Ordinal);
        var ready = new PriorityQueue<string, TimeSpan>();
        var now = TimeSpan.Zero;
        foreach (var node in plan.Where(x => x.Needs.IsEmpty && !isStarted.Contains(x.Name)))
            ready.Enqueue(node.Name, -paths[node.Name]);
        while (running.Count + ready.Count > 0)
        {
            while (running.Count < slots && ready.TryDequeue(out var next, out _))
                running.Enqueue(next, now + nodes[next].Expected);
            running.TryDequeue(out var ended, out now);
            foreach (var dependent in dependents[ended!].Where(x => --missing[x] == 0))
                ready.Enqueue(dependent, -paths[dependent]);
        }
        return now;
    }
}
