using System.Collections.Concurrent;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Scheduling;

namespace Recipes.Engine.Tests.Building;

/// <summary>
/// A store and a machine made of sets: what is in the store, what fails, and what ran in which order.
/// </summary>
internal sealed class FakeWorker : IPlanWorker
{
    private readonly Lock gate = new();

    public HashSet<string> Store { get; } = [];

    public HashSet<string> Failing { get; } = [];

    /// <summary>Nodes whose sources are not here yet.</summary>
    public ConcurrentDictionary<string, bool> Unprepared { get; } = new();

    /// <summary>Nodes whose sources are not available.</summary>
    public HashSet<string> Unavailable { get; } = [];

    /// <summary>Nodes that wait here until the test lets them go.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Held { get; } = new();

    public ConcurrentQueue<string> Ran { get; } = [];

    public ConcurrentQueue<(string Name, BuildState State)> States { get; } = [];

    public ConcurrentQueue<string> Failures { get; } = [];

    public int MaxAtOnce { get; private set; }

    private int atOnce;

    public Task<Resolution> ResolveAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(
            Unprepared.ContainsKey(name) ? Resolution.NeedsSources
            : Store.Contains(name) ? Resolution.Done
            : Resolution.Runnable
        );

    public Task PrepareAsync(string name, CancellationToken cancellationToken)
    {
        if (Unavailable.Contains(name))
            throw new EngineException($"no source of {name}");
        Unprepared.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public async Task<BuildState> RunAsync(string name, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            Ran.Enqueue(name);
            MaxAtOnce = Math.Max(MaxAtOnce, ++atOnce);
        }
        try
        {
            if (Held.TryGetValue(name, out var held))
                await held.Task.WaitAsync(cancellationToken);
            await Task.Yield();
            return Failing.Contains(name) ? BuildState.Failed : BuildState.Built;
        }
        finally
        {
            lock (gate)
                atOnce--;
        }
    }

    public void StateChanged(string name, BuildState state) => States.Enqueue((name, state));

    public void Failed(string name, EngineException reason) => Failures.Enqueue(reason.Message);
}
