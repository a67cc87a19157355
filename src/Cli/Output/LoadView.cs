using Recipes.Engine.Daemons;
using Recipes.Engine.Images;

namespace Recipes.Cli.Output;

/// <summary>An image at a daemon, for people.</summary>
internal static class LoadView
{
    /// <summary>A line for each name, with what was sent.</summary>
    public static void Write(TextWriter writer, LoadedImage loaded, ImageResult image)
    {
        var sent = image.Layers.Length - loaded.LayersThere;
        var how = loaded.WasThere
            ? "unchanged"
            : $"{Quantities.Count(sent, "layer")} sent, {loaded.LayersThere} there already";
        foreach (var name in loaded.Names)
            writer.WriteLine($"{name}: {loaded.Id}, {how}");
    }
}
