namespace Recipes.Engine;

/// <summary>
/// Something the engine did that a person may want to see. The engine prints nothing; it reports events, and each
/// folder defines its own.
/// </summary>
public abstract record EngineEvent;

/// <summary>Receives events, in the order in which they happen, from any thread; must return quickly.</summary>
public interface IEngineObserver
{
    /// <summary>Takes one event.</summary>
    void On(EngineEvent happened);
}

/// <summary>Drops all events.</summary>
public sealed class SilentObserver : IEngineObserver
{
    /// <summary>The only instance needed.</summary>
    public static SilentObserver Instance { get; } = new();

    /// <inheritdoc/>
    public void On(EngineEvent happened) { }
}
