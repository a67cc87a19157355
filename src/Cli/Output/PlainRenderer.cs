using Recipes.Engine;
using Recipes.Engine.Building;

namespace Recipes.Cli.Output;

/// <summary>One line an event: for files, pipes and logs of build servers.</summary>
internal sealed class PlainRenderer(TextWriter writer) : IProgressRenderer
{
    private readonly Lock gate = new();
    private BuildProgress progress = BuildProgress.None;

    /// <inheritdoc/>
    public void On(EngineEvent happened)
    {
        lock (gate)
        {
            progress = progress.After(happened, startedAt: default);
            foreach (var line in EventLines.Of(happened, progress))
                writer.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(writer.FlushAsync());
}
