namespace Recipes.Engine.Building.Scheduling;

/// <summary>What is left to do for a node whose needs all ended well.</summary>
internal enum Resolution
{
    /// <summary>Nothing: the store holds the result.</summary>
    Done,

    /// <summary>To run it.</summary>
    Runnable,

    /// <summary>To get its sources, and then to run it.</summary>
    NeedsSources,
}

/// <summary>What the scheduler asks of those who do the work. Any of it may throw <see cref="EngineException"/>, which
/// fails the node.</summary>
internal interface IPlanWorker
{
    /// <summary>
    /// Called when all needs ended well; quick, since nothing is started until all such answers are there.
    /// </summary>
    Task<Resolution> ResolveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Gets the sources of a node, outside any slot; afterwards it is resolved again.</summary>
    Task PrepareAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Runs the node in a slot of its own: <see cref="BuildState.Built"/> or <see cref="BuildState.Failed"/>, or
    /// <see cref="BuildState.Cached"/> if it was there after all.
    /// </summary>
    Task<BuildState> RunAsync(string name, CancellationToken cancellationToken);

    /// <summary>A node went to another state.</summary>
    void StateChanged(string name, BuildState state);

    /// <summary>A node failed by an exception that is a person's to fix.</summary>
    void Failed(string name, EngineException reason);
}
