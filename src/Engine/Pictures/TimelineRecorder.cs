using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Graph;

namespace Recipes.Engine.Pictures;

/// <summary>Notes when builds run, and passes every event on.</summary>
/// <param name="next">Takes the events too.</param>
/// <param name="time">The clock; the run begins when the recorder is made.</param>
internal sealed class TimelineRecorder(IEngineObserver next, TimeProvider time) : IEngineObserver
{
    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, (TimeSpan Start, List<TimelineStep> Steps)> _running = new(
        StringComparer.Ordinal
    );
    private readonly List<TimelineBuild> _builds = [];
    private TimeSpan _last;

    /// <inheritdoc/>
    public void On(EngineEvent happened)
    {
        lock (_gate)
            Note(happened, _last = time.GetElapsedTime(_start));
        next.On(happened);
    }

    /// <summary>The run up to its last event.</summary>
    /// <param name="graph">What needs what.</param>
    /// <param name="slots">How many builds could have run at once.</param>
    public Timeline Finish(RecipeGraph graph, int slots)
    {
        lock (_gate)
            return Timeline.Of([.. _builds], graph, _last, slots);
    }

    private void Note(EngineEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case PackageStateChanged { State: BuildState.Running } change:
                _running[change.Package] = (now, []);
                break;
            case StepStarted step when _running.TryGetValue(step.Package, out var running):
                running.Steps.Add(new(step.Step, now));
                break;
            case PackageStateChanged change when _running.Remove(change.Package, out var ended):
                _builds.Add(new(change.Package, ended.Start, now, change.State, [.. ended.Steps]));
                break;
        }
    }
}
