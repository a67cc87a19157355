using Recipes.Engine;

namespace Recipes.Cli.Output;

/// <summary>Tells on the error stream what becomes of a store while nothing shows progress.</summary>
internal sealed class StoreNotices(TextWriter writer) : IEngineObserver
{
    /// <inheritdoc/>
    public void On(EngineEvent happened)
    {
        foreach (var line in EventLines.Of(happened, BuildProgress.None))
            writer.WriteLine(line);
    }
}
