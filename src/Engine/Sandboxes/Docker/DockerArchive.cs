using System.Collections.Immutable;
using System.Text.Json;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>
/// An image as <c>docker load</c> takes it: <c>manifest.json</c>, the configuration, and layers that the daemon lacks.
/// </summary>
/// <remarks>
/// See the Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format". A daemon with layers
/// in graph drivers reads a layer from the archive only where it has none with the same chain of layers.
/// </remarks>
/// <param name="Name">With its tag.</param>
/// <param name="Layers">The lowest first.</param>
/// <param name="There">How many of the lowest are left out.</param>
internal sealed record DockerArchive(string Name, ImmutableArray<DockerLayer> Layers, int There)
{
    /// <summary>Writes it; the stream stays open.</summary>
    public void Write(TreeArchive trees, Stream output)
    {
        var tar = new TarWriter(output);
        var configuration = Json(WriteConfiguration);
        var configurationName = Digest.Of(configuration).Hash + ".json";
        tar.AddFile("manifest.json", Json(json => WriteManifest(json, configurationName)), FileOwnership.File(false));
        tar.AddFile(configurationName, configuration, FileOwnership.File(false));
        foreach (var layer in Layers.Skip(There))
            tar.AddFile(
                FileOf(layer),
                layer.DiffId,
                stream => trees.Write([.. layer.Trees.Select(x => new PlacedTree("", x))], stream),
                FileOwnership.File(false)
            );
        tar.Finish();
    }

    private static string FileOf(DockerLayer layer) => layer.DiffId.Hash + ".tar";

    private void WriteManifest(Utf8JsonWriter json, string configurationName)
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("Config", configurationName);
        Strings(json, "RepoTags", [Name]);
        Strings(json, "Layers", Layers.Select(FileOf));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteConfiguration(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("architecture", "amd64");
        json.WriteString("os", "linux");
        json.WriteString("created", "1970-01-01T00:00:01Z");
        json.WriteStartObject("config");
        json.WriteStartObject("Labels");
        json.WriteString(DockerOwner.Mark, "root");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        Strings(json, "diff_ids", Layers.Select(x => x.Id));
        json.WriteEndObject();
        json.WriteStartArray("history");
        foreach (var layer in Layers)
        {
            json.WriteStartObject();
            json.WriteString(
                "created_by",
                $"recipes: {(layer.Trees.Length == 1 ? "tree" : "trees")} {string.Join(' ', layer.Trees)}"
            );
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return buffer.ToArray();
    }
}
