using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recipes.Engine;

namespace Recipes.Tests.Support;

/// <summary>Keeps what the engine reports.</summary>
internal sealed class Recorder : IEngineObserver
{
    private readonly ConcurrentQueue<EngineEvent> events = new();

    public void On(EngineEvent happened) => events.Enqueue(happened);

    public ImmutableArray<T> Of<T>()
        where T : EngineEvent => [.. events.OfType<T>()];
}
