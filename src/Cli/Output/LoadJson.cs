using System.Collections.Immutable;
using Recipes.Engine.Daemons;
using Recipes.Engine.Images;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>load --json</c>.</summary>
internal sealed record LoadJson(string Id, ImmutableArray<string> Names, bool WasThere, int Layers, int LayersThere)
{
    public static LoadJson Of(LoadedImage loaded, ImageResult image) =>
        new(
            loaded.Id,
            [.. loaded.Names.Select(x => x.ToString())],
            loaded.WasThere,
            image.Layers.Length,
            loaded.LayersThere
        );
}
