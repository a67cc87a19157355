using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>One layer of an image, and one line of its size table.</summary>
/// <param name="Name">The package; of the image's own files, the image.</param>
/// <param name="Version">Of the package, or null.</param>
/// <param name="Files">How many files and links.</param>
/// <param name="FileBytes">The sum of the sizes of its files, in bytes.</param>
/// <param name="DiffId">The digest of the tar archive.</param>
/// <param name="Blob">The digest of the compressed archive, a blob in the store.</param>
public sealed record ImageLayer(
    string Name,
    string? Version,
    int Files,
    long FileBytes,
    [property: JsonRequired] Digest DiffId,
    [property: JsonRequired] Digest Blob
);

/// <summary>A composed image, all of whose blobs are in the store.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Reference">Name and tag: <c>postgres-image:17.11</c>.</param>
/// <param name="Manifest">The digest of the OCI image manifest, by which the image is known.</param>
/// <param name="Configuration">The digest of the OCI image configuration.</param>
/// <param name="Layers">From the most to the least shared; the image's own files are the last.</param>
public sealed record ImageResult(
    string Name,
    string Reference,
    [property: JsonRequired] Digest Manifest,
    [property: JsonRequired] Digest Configuration,
    [property: JsonRequired] ImmutableArray<ImageLayer> Layers
)
{
    /// <summary>The sum of the sizes of all files, in bytes.</summary>
    [JsonIgnore]
    public long FileBytes => Layers.Sum(x => x.FileBytes);

    /// <summary>The sum of the sizes of the compressed layers, in bytes.</summary>
    [JsonIgnore]
    public long CompressedBytes => Layers.Sum(x => x.Blob.Size);
}

[JsonSerializable(typeof(ImageResult))]
[JsonSerializable(typeof(ImageRoot))]
[JsonSerializable(typeof(StoredLayer))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
internal sealed partial class ImagesJson : JsonSerializerContext;
