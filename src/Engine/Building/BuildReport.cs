using System.Collections.Immutable;

namespace Recipes.Engine.Building;

/// <summary>How to build.</summary>
public sealed record BuildOptions
{
    /// <summary>Jobs at once on the whole machine, shared by all running builds.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Builds at once; null for as many as there are jobs.</summary>
    public int? Builds { get; init; }

    /// <summary>After a failure, go on with all that does not need what failed.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>
    /// A package to go on with from the step that failed, in the folders that its failure left. Its result is not
    /// clean: it is not found again, and nothing is built of it.
    /// </summary>
    public string? Resume { get; init; }

    /// <summary>
    /// Refuse to build what is only there from a resumed build, so that nobody takes the one for the other.
    /// </summary>
    public bool RequiresClean { get; init; }
}

/// <summary>How one package of the plan ended.</summary>
/// <param name="Package">The recipe's name.</param>
/// <param name="State">One of the four final states.</param>
/// <param name="Failure">Set if failed.</param>
/// <param name="Elapsed">Wall time of the action, if it ran.</param>
/// <param name="CpuTime">CPU time of the action, if it ran and this is known.</param>
public sealed record PackageOutcome(
    string Package,
    BuildState State,
    PackageFailure? Failure,
    TimeSpan? Elapsed,
    TimeSpan? CpuTime
)
{
    /// <summary>Set if built or cached.</summary>
    internal BuiltPackage? Result { get; init; }
}

/// <summary>How a plan ended.</summary>
/// <param name="Outcomes">By package.</param>
public sealed record BuildReport(ImmutableSortedDictionary<string, PackageOutcome> Outcomes)
{
    /// <summary>True if every package was built or cached.</summary>
    public bool Succeeded => Outcomes.Values.All(x => x.State is BuildState.Built or BuildState.Cached);

    /// <summary>
    /// This report as the end of several plans: what an earlier one built, and this one found in the store, was built.
    /// </summary>
    /// <param name="earlier">How the plans before it ended, or null.</param>
    public BuildReport After(BuildReport? earlier) =>
        earlier is null
            ? this
            : new(
                Outcomes.SetItems(
                    earlier.Outcomes.Where(x => x.Value.State == BuildState.Built && Outcomes.ContainsKey(x.Key))
                )
            );
}
