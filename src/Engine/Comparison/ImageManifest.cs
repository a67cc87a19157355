using System.Collections.Immutable;
using System.Text.Json;
using Recipes.Engine.Images;

namespace Recipes.Engine.Comparison;

/// <summary>Which files of a layout are the configuration and the layers of its image.</summary>
/// <param name="Configuration">The name of the configuration.</param>
/// <param name="Layers">The names of the layers, bottom first.</param>
internal sealed record ImageManifest(string Configuration, ImmutableArray<string> Layers)
{
    // An index may hold another one, and who nests deeper means no good.
    private const int DeepestIndex = 4;

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
                return new(BlobOf(document.RootElement.GetProperty("config")), [.. layers.EnumerateArray().Select(BlobOf)]);
            name = BlobOf(document.RootElement.GetProperty("manifests").EnumerateArray().First());
        }
        throw new FormatException("its index leads to no manifest");
    }

    private static ImageManifest OfDocker(ImageBlobs blobs)
    {
        using var document = JsonDocument.Parse(blobs.Read(OciIndex.DockerName));
        var image = document.RootElement.EnumerateArray().First();
        return new(
            image.GetProperty("Config").GetString()!,
            [.. image.GetProperty(nameof(Layers)).EnumerateArray().Select(x => x.GetString()!)]
        );
    }

    private static string BlobOf(JsonElement descriptor) =>
        "blobs/" + descriptor.GetProperty("digest").GetString()!.Replace(':', '/');
}
