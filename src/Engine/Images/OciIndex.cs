using System.Text.Json;
using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>
/// The documents beside the blobs of an OCI image layout (OCI image specification, <c>image-layout.md</c>).
/// </summary>
internal static class OciIndex
{
    public const string LayoutName = "oci-layout";
    public const string IndexName = "index.json";
    public const string DockerName = "manifest.json";

    public static byte[] Layout => "{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray();

    public static string BlobName(Digest blob) => "blobs/sha256/" + blob.Hash;

    /// <summary>The blobs of an image, each once, by hash.</summary>
    public static IEnumerable<Digest> Blobs(ImageResult image) =>
        image.Layers.Select(x => x.Blob).Append(image.Manifest).Append(image.Configuration).Distinct().Order();

    /// <summary>
    /// <c>index.json</c>, with exactly one descriptor: skopeo and podman take no more from an archive.
    /// </summary>
    public static byte[] Index(ImageResult image) =>
        OciJson.Write(json =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", "application/vnd.oci.image.index.v1+json");
            json.WriteStartArray("manifests");
            json.WriteStartObject();
            json.Descriptor(ImageConfiguration.ManifestType, image.Manifest);
            json.WriteStartObject("platform");
            json.WriteString("architecture", "amd64");
            json.WriteString("os", "linux");
            json.WriteEndObject();
            // Docker's containerd store takes the name from the first, everything else from the second.
            json.Map(
                "annotations",
                [
                    ("io.containerd.image.name", "docker.io/library/" + image.Reference),
                    ("org.opencontainers.image.ref.name", image.Reference),
                ]
            );
            json.WriteEndObject();
            json.WriteEndArray();
        });

    /// <summary><c>manifest.json</c>, for dockers that know no OCI layout; it points to the same blobs.</summary>
    public static byte[] Docker(ImageResult image, IEnumerable<string> names)
    {
        var document = OciJson.Write(json =>
        {
            json.WriteString("Config", BlobName(image.Configuration));
            json.Strings("RepoTags", names);
            json.Strings("Layers", image.Layers.Select(x => BlobName(x.Blob)));
        });
        return [(byte)'[', .. document, (byte)']'];
    }
}
