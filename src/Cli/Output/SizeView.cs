using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Recipes.Engine.Images;

namespace Recipes.Cli.Output;

/// <summary>Where the bytes of an image are, for people.</summary>
internal static class SizeView
{
    /// <param name="writer">Takes the tables.</param>
    /// <param name="image">The image.</param>
    /// <param name="largest">How many files to list.</param>
    public static void Write(TextWriter writer, ImageSize image, int largest)
    {
        var packages = new TextTable("package", "version", "files", "bytes", "share").AlignRight(2, 3, 4);
        foreach (var package in image.Packages)
            packages.Add(
                image.Prebuilt.Contains(package.Name) ? $"{package.Name} (prebuilt)" : package.Name,
                package.Version ?? "",
                Number(package.Entries),
                Number(package.Bytes),
                Share(package.Bytes, image)
            );
        packages.Add("total", "", Number(image.Packages.Sum(x => x.Entries)), Number(image.Bytes), "");
        packages.Write(writer);
        if (image.Limit is { } limit)
            writer.WriteLine(
                limit >= image.Bytes
                    ? $"{Number(limit - image.Bytes)} bytes below the limit of {Number(limit)}"
                    : $"{Number(image.Bytes - limit)} bytes above the limit of {Number(limit)}"
            );
        if (largest == 0)
            return;
        writer.WriteLine();
        var files = new TextTable("largest files", "bytes", "share", "package").AlignRight(1, 2);
        foreach (var (file, package) in Files(image).Take(largest))
            files.Add(file.Path, Number(file.Bytes), Share(file.Bytes, image), package.Name);
        files.Write(writer);
    }

    private static IEnumerable<(SizedFile File, SizedPackage Package)> Files(ImageSize image) =>
        image
            .Packages.SelectMany(x => x.Files.Select(file => (File: file, Package: x)))
            .OrderByDescending(x => x.File.Bytes)
            .ThenBy(x => x.File.Path, StringComparer.Ordinal);

    private static string Share(long bytes, ImageSize image) =>
        string.Create(CultureInfo.InvariantCulture, $"{(image.Bytes == 0 ? 0 : 100.0 * bytes / image.Bytes):0.0} %");

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>The answer of <c>size --json</c>; sizes in bytes.</summary>
/// <param name="Name">The image.</param>
/// <param name="Bytes">Of all files.</param>
/// <param name="Limit">The most that they may weigh, or null.</param>
/// <param name="Packages">The largest first.</param>
/// <param name="Faults">Why the image cannot be composed.</param>
internal sealed record SizeJson(
    string Name,
    long Bytes,
    long? Limit,
    ImmutableArray<SizedPackage> Packages,
    ImmutableArray<DiagnosticJson> Faults
)
{
    /// <summary>The packages that were made outside; absent where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<string>? Prebuilt { get; init; }

    public static SizeJson Of(ImageSize image) =>
        new(image.Name, image.Bytes, image.Limit, image.Packages, [.. image.Faults.Select(DiagnosticJson.Of)])
        {
            Prebuilt = image.Prebuilt.IsEmpty ? null : image.Prebuilt,
        };
}
