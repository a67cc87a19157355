namespace Recipes.Cli.Output;

/// <summary>A build that runs now.</summary>
/// <param name="Package">The recipe's name.</param>
/// <param name="Step">The step it is in; empty before the first.</param>
/// <param name="StartedAt">When it started, on the renderer's clock.</param>
/// <param name="Expected">How long it took last time, or null.</param>
internal sealed record RunningBuild(string Package, string Step, TimeSpan StartedAt, TimeSpan? Expected)
{
    /// <summary>
    /// How long it will still run, or null if that is not known, or if it runs longer than last time already.
    /// </summary>
    public TimeSpan? Remaining(TimeSpan now) =>
        Expected + StartedAt - now is { } time && time >= TimeSpan.Zero ? time : null;
}
