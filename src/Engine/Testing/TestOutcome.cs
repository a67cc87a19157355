using System.Collections.Immutable;

namespace Recipes.Engine.Testing;

/// <summary>How a test ended.</summary>
public enum TestState
{
    /// <summary>It ran, and its script ended with status 0.</summary>
    Passed,

    /// <summary>The very test, on the very files, passed before, and did not run again.</summary>
    Cached,

    /// <summary>It ran and failed, or its root could not be made.</summary>
    Failed,

    /// <summary>What it tests, or what it needs, could not be built.</summary>
    NotBuilt,
}

/// <summary>How the test of one recipe ended.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="State">How.</param>
public sealed record TestOutcome(string Recipe, TestState State) : EngineEvent
{
    /// <summary>Why it failed: one or more lines; null if it did not.</summary>
    public MessageText? Message { get; init; }

    /// <summary>
    /// The last lines of the log of a test that failed; each command of the script is there, after a <c>+</c>.
    /// </summary>
    public ImmutableArray<string> LogTail { get; init; } = [];

    /// <summary>The whole log, if it ran.</summary>
    public string? LogPath { get; init; }

    /// <summary>Wall time, if it ran.</summary>
    public TimeSpan? Elapsed { get; init; }
}

/// <summary>A test starts to run.</summary>
/// <param name="Recipe">The recipe's name.</param>
internal sealed record TestStarted(string Recipe) : EngineEvent;
