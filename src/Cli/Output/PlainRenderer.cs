using Recipes.Engine;
using Recipes.Engine.Building;

namespace Recipes.Cli.Output;

/// <summary>One line an event: for files, pipes and logs of build servers.</summary>
internal sealed class PlainRenderer(TextWriter writer) : IProgressRenderer
{
    private readonly Lock gate = new();
    private readonly List<string> cached = [];
    private BuildProgress progress = BuildProgress.None;

    /// <inheritdoc/>
    public void On(EngineEvent happened)
    {
        lock (gate)
        {
            var (before, isNews) = (progress, IsNews(happened));
            progress = progress.After(happened, now: default);
            if (happened is PackageStateChanged { State: BuildState.Cached } found)
            {
                if (isNews)
                    cached.Add(found.Package);
                return;
            }
            string[] lines = isNews ? [.. EventLines.Of(happened, progress)] : [];
            // What makes no line must not break up what is said in one.
            if (lines.Length > 0)
                SayCached(before);
            // Only now all that the store holds has been found, as far as it can be known.
            if (
                progress.HasStarted
                && !before.HasStarted
                && EventLines.Remaining(progress, now: default, "at least") is { } time
            )
                writer.WriteLine(
                    $"plan: {progress.Total - progress.Finished} of {Quantities.Count(progress.Total, "package")} "
                        + $"left, {time}"
                );
            foreach (var line in lines)
                writer.WriteLine(line);
        }
    }

    // What the store holds is no news a package.
    private void SayCached(BuildProgress at)
    {
        if (cached.Count > 0)
            writer.WriteLine(EventLines.OfCached(cached, at));
        cached.Clear();
    }

    // A command may make several plans; what one of them found, the next need not say again.
    private bool IsNews(EngineEvent happened) =>
        happened switch
        {
            PlanMade plan => !plan.Packages.All(x => progress.IsThere(x.Name)),
            PackageStateChanged { State: BuildState.Cached } change => !progress.IsThere(change.Package),
            _ => true,
        };

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (gate)
            SayCached(progress);
        return new(writer.FlushAsync());
    }
}
