using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Recipes.Engine.Content;
using Recipes.Engine.Images;

namespace Recipes.Engine.Tests.Images;

/// <summary>An image as lines for people, read with another library than the one that wrote it.</summary>
internal static class ImageText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>All that is in an image, but for digests that depend on the runtime's deflate.</summary>
    public static string Image(ContentStore store, ImageResult image)
    {
        var text = new StringBuilder();
        foreach (var layer in image.Layers)
        {
            text.Append(CultureInfo.InvariantCulture, $"layer {layer.Name} {layer.DiffId}\n");
            foreach (var line in Layer(store, layer, showContent: layer.Name == image.Name))
                text.Append(CultureInfo.InvariantCulture, $"  {line}\n");
        }
        using var configuration = JsonDocument.Parse(File.ReadAllBytes(store.FindBlob(image.Configuration)!));
        text.Append(CultureInfo.InvariantCulture, $"configuration {image.Configuration}\n");
        return text.Append(JsonSerializer.Serialize(configuration, Indented)).Append('\n').ToString();
    }

    /// <summary>The entries of a layer: kind, mode, owner, path, target or digest.</summary>
    public static string[] Layer(ContentStore store, ImageLayer layer, bool showContent = false)
    {
        using var gzip = new GZipStream(File.OpenRead(store.FindBlob(layer.Blob)!), CompressionMode.Decompress);
        using var reader = new TarReader(gzip);
        var lines = new List<string>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.EntryType} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid} {entry.Name}"
            );
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            if (entry.EntryType == TarEntryType.RegularFile)
                line += " " + Digest.Of(content.ToArray());
            if (entry.EntryType == TarEntryType.SymbolicLink)
                line += " -> " + entry.LinkName;
            lines.Add(line);
            if (showContent && content.Length > 0)
                lines.AddRange(
                    Encoding.UTF8.GetString(content.ToArray()).TrimEnd('\n').Split('\n').Select(x => "  | " + x)
                );
        }
        return [.. lines];
    }

    /// <summary>The files of an archive.</summary>
    public static Dictionary<string, byte[]> Files(string archive)
    {
        using var reader = new TarReader(File.OpenRead(archive));
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            if (entry.EntryType == TarEntryType.RegularFile)
                files.Add(entry.Name, content.ToArray());
        }
        return files;
    }
}
