using System.Globalization;
using Recipes.Engine.Images;

namespace Recipes.Cli.Output;

/// <summary>A file or folder that an image was written to.</summary>
/// <param name="Path">As it was asked for.</param>
/// <param name="IsNew">False if it was this very image already.</param>
internal sealed record WrittenImage(string Path, bool IsNew);

/// <summary>A composed image for people: what weighs how much, and where it is.</summary>
internal static class ComposeView
{
    public static void Write(CliHost host, ComposeReport report, IReadOnlyList<WrittenImage> written, TimeSpan elapsed)
    {
        if (report.Image is not { } image)
        {
            WriteFailure(host, report, elapsed);
            return;
        }
        WriteTable(host.Out, image);
        BuildSummary.Write(host.Out, report.Builds, elapsed);
        foreach (var target in written)
            host.Out.WriteLine($"{target.Path}: {image.Reference}{(target.IsNew ? "" : ", unchanged")}");
    }

    /// <summary>Why there is no image.</summary>
    public static void WriteFailure(CliHost host, ComposeReport report, TimeSpan elapsed)
    {
        ErrorWriter.Write(host.Error, host.ErrorHasStyle, report.Faults);
        BuildSummary.Write(host.Error, report.Builds, elapsed);
    }

    private static void WriteTable(TextWriter writer, ImageResult image)
    {
        var table = new TextTable("package", "version", "files", "bytes", "compressed").AlignRight(2, 3, 4);
        foreach (var layer in image.Layers)
            table.Add(
                layer.Name,
                layer.Version ?? "",
                Number(layer.Files),
                Number(layer.FileBytes),
                Number(layer.Blob.Size)
            );
        table.Add(
            "total",
            "",
            Number(image.Layers.Sum(x => x.Files)),
            Number(image.FileBytes),
            Number(image.CompressedBytes)
        );
        table.Write(writer);
    }

    // To the byte, since images are held against limits: 15,820,000.
    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
