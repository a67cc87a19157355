using System.Collections.Concurrent;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Bumping;

/// <summary>Passes events on, and remembers which place gave a source.</summary>
internal sealed class DownloadWatch(IEngineObserver observer) : IEngineObserver
{
    private readonly ConcurrentDictionary<string, string> urls = new(StringComparer.Ordinal);

    /// <summary>Where the last download of a recipe came from; null if there was none.</summary>
    public string? LastUrl(string recipe) => urls.GetValueOrDefault(recipe);

    public void On(EngineEvent happened)
    {
        if (happened is DownloadFinished download)
            urls[download.Name] = download.Url;
        observer.On(happened);
    }
}
