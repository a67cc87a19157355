namespace Recipes.Engine.Building;

/// <summary>
/// Where one package of a plan stands. <c>docs/building.md</c> draws the transitions: each package goes from
/// <see cref="Waiting"/> through <see cref="Ready"/> and perhaps <see cref="Running"/> to exactly one of the other
/// four.
/// </summary>
public enum BuildState
{
    /// <summary>Something it needs is not built yet.</summary>
    Waiting,

    /// <summary>All it needs is built; it waits for its sources or a free slot.</summary>
    Ready,

    /// <summary>Its action runs in a sandbox.</summary>
    Running,

    /// <summary>Its action ran and its outputs are in the store.</summary>
    Built,

    /// <summary>The store already held the result of its action.</summary>
    Cached,

    /// <summary>Its sources, its action or its checks failed.</summary>
    Failed,

    /// <summary>Something it needs failed, or the build was cancelled first.</summary>
    Skipped,
}
