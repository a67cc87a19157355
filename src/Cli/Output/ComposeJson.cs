using System.Collections.Immutable;
using Recipes.Engine.Images;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>compose --json</c>.</summary>
internal sealed record ComposeJson(
    bool Succeeded,
    ImageJson? Image,
    ImmutableArray<DiagnosticJson> Faults,
    ImmutableArray<PackageJson> Packages
)
{
    public static ComposeJson Of(ComposeReport report, IReadOnlyList<WrittenImage> written) =>
        new(
            report.Image is not null,
            report.Image is { } image ? ImageJson.Of(image, report.WasCached, written) : null,
            [.. report.Faults.Select(DiagnosticJson.Of)],
            [.. report.Builds.Outcomes.Values.Select(PackageJson.Of)]
        );
}

/// <summary>A composed image; sizes in bytes.</summary>
internal sealed record ImageJson(
    string Name,
    string Reference,
    string Manifest,
    string Configuration,
    long Bytes,
    long CompressedBytes,
    bool Cached,
    ImmutableArray<string> Written,
    ImmutableArray<LayerJson> Layers
)
{
    public static ImageJson Of(ImageResult image, bool wasCached, IReadOnlyList<WrittenImage> written) =>
        new(
            image.Name,
            image.Reference,
            image.Manifest.Oci,
            image.Configuration.Oci,
            image.FileBytes,
            image.CompressedBytes,
            wasCached,
            [.. written.Select(x => x.Path)],
            [
                .. image.Layers.Select(x => new LayerJson(
                    x.Name,
                    x.Version,
                    x.Files,
                    x.FileBytes,
                    x.DiffId.Oci,
                    x.Blob.Oci,
                    x.Blob.Size
                )),
            ]
        );
}

/// <summary>One layer of <see cref="ImageJson"/>.</summary>
internal sealed record LayerJson(
    string Name,
    string? Version,
    int Files,
    long Bytes,
    string DiffId,
    string Blob,
    long CompressedBytes
);
