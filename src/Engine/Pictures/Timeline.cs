using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Graph;

namespace Recipes.Engine.Pictures;

/// <summary>A step of a build.</summary>
/// <param name="Name"><c>configure</c>, <c>compile</c>…</param>
/// <param name="Start">Since the run began.</param>
internal sealed record TimelineStep(string Name, TimeSpan Start);

/// <summary>A build that ran.</summary>
/// <param name="Package">The recipe's name.</param>
/// <param name="Start">Since the run began.</param>
/// <param name="End">Since the run began.</param>
/// <param name="State">How it ended.</param>
/// <param name="Steps">In their order.</param>
internal sealed record TimelineBuild(
    string Package,
    TimeSpan Start,
    TimeSpan End,
    BuildState State,
    ImmutableArray<TimelineStep> Steps
)
{
    /// <summary>How long it ran.</summary>
    public TimeSpan Length => End - Start;
}

/// <summary>A finished run: which builds ran when, and what kept it from ending earlier.</summary>
/// <param name="Lanes">Each with builds that follow each other; a build is in the first lane that was free.</param>
/// <param name="Critical">
/// The builds that waited for each other, up to the one that ended last: more builds at once would not have made these
/// shorter.
/// </param>
/// <param name="Total">From the start of the run to its last event.</param>
/// <param name="Slots">How many builds could have run at once.</param>
internal sealed record Timeline(
    ImmutableArray<ImmutableArray<TimelineBuild>> Lanes,
    ImmutableArray<TimelineBuild> Critical,
    TimeSpan Total,
    int Slots
)
{
    /// <summary>All builds, by their start.</summary>
    public IEnumerable<TimelineBuild> Builds =>
        Lanes.SelectMany(x => x).OrderBy(x => x.Start).ThenBy(x => x.Package, StringComparer.Ordinal);

    /// <summary>The sum of the times in which a slot had no build.</summary>
    public TimeSpan Idle => (Total * Slots) - new TimeSpan(Builds.Sum(x => x.Length.Ticks));

    /// <summary>Arranges the builds of a run.</summary>
    /// <param name="builds">That ran.</param>
    /// <param name="graph">What needs what.</param>
    /// <param name="total">From the start of the run to its last event.</param>
    /// <param name="slots">How many builds could have run at once.</param>
    public static Timeline Of(IReadOnlyCollection<TimelineBuild> builds, RecipeGraph graph, TimeSpan total, int slots)
    {
        var lanes = new List<List<TimelineBuild>>();
        foreach (var build in builds.OrderBy(x => x.Start).ThenBy(x => x.Package, StringComparer.Ordinal))
        {
            var lane = lanes.Find(x => x[^1].End <= build.Start);
            if (lane is null)
                lanes.Add(lane = []);
            lane.Add(build);
        }
        return new([.. lanes.Select(x => x.ToImmutableArray())], CriticalPath(builds, graph), total, slots);
    }

    private static ImmutableArray<TimelineBuild> CriticalPath(
        IReadOnlyCollection<TimelineBuild> builds,
        RecipeGraph graph
    )
    {
        var ran = builds.ToDictionary(x => x.Package, StringComparer.Ordinal);
        var path = new List<TimelineBuild>();
        for (var last = Latest(builds); last is not null; last = Latest(Awaited(last, ran, graph)))
            path.Add(last);
        path.Reverse();
        return [.. path];
    }

    private static TimelineBuild? Latest(IEnumerable<TimelineBuild> builds) =>
        builds.OrderByDescending(x => x.End).ThenBy(x => x.Package, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The builds of this run that it needed, also through packages that were built before.</summary>
    private static List<TimelineBuild> Awaited(
        TimelineBuild build,
        Dictionary<string, TimelineBuild> ran,
        RecipeGraph graph
    )
    {
        var awaited = new List<TimelineBuild>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([build.Package]);
        while (open.TryPop(out var name))
        {
            foreach (var need in graph.DirectNeeds(name).Select(x => x.Package).Where(seen.Add))
            {
                if (!ran.TryGetValue(need, out var found))
                    open.Push(need);
                else if (found.End <= build.Start)
                    awaited.Add(found);
            }
        }
        return awaited;
    }
}
