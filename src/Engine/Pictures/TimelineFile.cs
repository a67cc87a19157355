using Recipes.Engine.Content;

namespace Recipes.Engine.Pictures;

/// <summary>A picture of when each build ran, as a file.</summary>
internal static class TimelineFile
{
    /// <summary>
    /// Writes the file, whole or not at all: a page if its name ends in <c>.html</c>, else the picture alone.
    /// </summary>
    /// <param name="path">Absolute; its folder exists.</param>
    /// <param name="run">What ran.</param>
    /// <exception cref="EngineException">It cannot be written.</exception>
    public static void Write(string path, Timeline run)
    {
        var picture = TimelinePicture.Write(run);
        try
        {
            FileDraft.Write(path, Path.GetExtension(path) == ".html" ? Page(picture) : picture, FileDurability.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"the timeline '{path}' cannot be written: {e.Message}", e);
        }
    }

    private static string Page(string picture) =>
        $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="color-scheme" content="light dark">
            <title>recipes: when each build ran</title>
            <style>body{margin:2rem}svg{display:block;margin:auto;max-width:100%;height:auto}</style>
            {{picture}}</html>

            """;
}
