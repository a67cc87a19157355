using System.Collections.Immutable;

namespace Recipes.Engine.Building;

/// <summary>A plan was made.</summary>
/// <param name="Packages">Every package that takes part, in topological order.</param>
/// <param name="Builds">How many builds run at once.</param>
/// <param name="KeepGoing">False if nothing starts after a failure.</param>
internal sealed record PlanMade(ImmutableArray<PlanNode> Packages, int Builds, bool KeepGoing) : EngineEvent;

/// <summary>A package went from one state to another.</summary>
/// <param name="Package">The recipe's name.</param>
/// <param name="State">The new state.</param>
/// <param name="Elapsed">
/// Wall time of the action, for <see cref="BuildState.Built"/> and <see cref="BuildState.Failed"/>.
/// </param>
/// <param name="Expected">
/// How long the action took when it last ran, for <see cref="BuildState.Running"/>; null if never.
/// </param>
public sealed record PackageStateChanged(
    string Package,
    BuildState State,
    TimeSpan? Elapsed = null,
    TimeSpan? Expected = null
) : EngineEvent;

/// <summary>A package waits for another process that builds the very same thing in this store.</summary>
internal sealed record BuildAwaited(string Package) : EngineEvent;

/// <summary>
/// A running build came to a step: <c>prepare</c>, <c>configure</c>, <c>compile</c>, <c>install</c>, <c>finish</c>.
/// </summary>
internal sealed record StepStarted(string Package, string Step) : EngineEvent;

/// <summary>Why a package failed.</summary>
/// <param name="Package">The recipe's name.</param>
/// <param name="Message">One or more lines: the step and status, or the checks that failed.</param>
/// <param name="LogTail">The last lines of the log; empty if nothing ran.</param>
/// <param name="LogPath">The whole log, or null if nothing ran.</param>
/// <param name="Kept">The tree as the failure left it, or null.</param>
public sealed record PackageFailure(
    string Package,
    MessageText Message,
    ImmutableArray<string> LogTail,
    string? LogPath,
    string? Kept
) : EngineEvent
{
    /// <summary>The step that failed, or null if it was none.</summary>
    public string? Step { get; init; }

    /// <summary>The script of that step, or null where it is not the recipe's.</summary>
    public string? Command { get; init; }

    /// <summary>What the log calls missing, and who has it.</summary>
    public ImmutableArray<FailureHint> Hints { get; init; } = [];
}
