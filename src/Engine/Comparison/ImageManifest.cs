using System.Collections.Immutable;
using System.Text.Json;
using Recipes.Engine.Content;
using Recipes.Engine.Images;

namespace Recipes.Engine.Comparison;

/// <summary>Which files of a layout are the configuration and the layers of its image.</summary>
/// <param name="Configuration">The name of the configuration.</param>
/// <param name="Layers">The names of the layers, bottom first.</param>
internal sealed record ImageManifest(string Configuration, ImmutableArray<string> Layers)
{
    // An index may hold another one, and who nests deeper means no good.
    private const int DeepestIndex = 4;

    // Container engines stop at 127. One small layer, named often, would unpack to any size.
    private const int MaxLayers = 1000;

    /// <param name="blobs">The layout.</param>
    /// <param name="manifest">The name of the manifest; null to find it as a container engine does.</param>
    /// <exception cref="FormatException">The layout is none.</exception>
    public static ImageManifest Find(ImageBlobs blobs, string? manifest)
    {
        if (manifest is null && !blobs.Has(OciIndex.IndexName))
            return blobs.Has(OciIndex.DockerName)
                ? OfDocker(blobs)
                : throw new FormatException($"it has neither '{OciIndex.IndexName}' nor '{OciIndex.DockerName}'");
        var name = manifest ?? OciIndex.IndexName;
        for (var depth = 0; depth < DeepestIndex; depth++)
        {
            using var document = JsonDocument.Parse(blobs.Read(name));
            if (document.RootElement.TryGetProperty("layers", out var layers))
                return new(
                    BlobOf(document.RootElement.GetProperty("config")),
                    Few(layers.EnumerateArray().Select(BlobOf))
                );
            name = BlobOf(document.RootElement.GetProperty("manifests").EnumerateArray().First());
        }
        throw new FormatException("its index leads to no manifest");
    }

    private static ImageManifest OfDocker(ImageBlobs blobs)
    {
        using var document = JsonDocument.Parse(blobs.Read(OciIndex.DockerName));
        var image = document.RootElement.EnumerateArray().First();
        return new(
            NameOf(image.GetProperty("Config")),
            Few(image.GetProperty(nameof(Layers)).EnumerateArray().Select(NameOf))
        );
    }

    private static string BlobOf(JsonElement descriptor) =>
        "blobs/" + NameOf(descriptor.GetProperty("digest")).Replace(':', '/');

    /// <summary>What a document names is a file of the layout, and nothing beside it.</summary>
    private static string NameOf(JsonElement text) =>
        text.GetString() is { Length: > 0 } name
        && !name.Split('/', ':').Any(x => x is "" or "." or "..")
        && !name.Contains('\0', StringComparison.Ordinal)
            ? name
            : throw new FormatException(
                $"a name in its documents is not that of a file: {Excerpt.Of(text.GetRawText())}"
            );

    private static ImmutableArray<string> Few(IEnumerable<string> layers) =>
        layers.Take(MaxLayers + 1).ToImmutableArray() is { Length: <= MaxLayers } few
            ? few
            : throw new FormatException($"it has more than {MaxLayers} layers");
}
