using System.Text.Json;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>
/// The JSON documents of an image, with a fixed order of keys and no time but one constant: OCI image specification
/// 1.1, <c>config.md</c> and <c>manifest.md</c>; the healthcheck is Docker's extension.
/// </summary>
internal static class ImageConfiguration
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigurationType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    // The mtime of every file.
    private const string Created = "1970-01-01T00:00:01Z";

    /// <summary>The image configuration.</summary>
    /// <param name="recipe">The image.</param>
    /// <param name="layers">With the description of each, for the history.</param>
    public static byte[] Configuration(
        ImageRecipe recipe,
        IReadOnlyList<(string Description, StoredLayer Layer)> layers
    ) =>
        OciJson.Write(json =>
        {
            json.WriteString("created", Created);
            // Our toolchain makes programs for this one platform.
            json.WriteString("architecture", "amd64");
            json.WriteString("os", "linux");
            json.WriteStartObject("config");
            Execution(json, recipe.Image);
            json.WriteEndObject();
            json.WriteStartObject("rootfs");
            json.WriteString("type", "layers");
            json.Strings("diff_ids", layers.Select(x => x.Layer.DiffId.Oci));
            json.WriteEndObject();
            json.WriteStartArray("history");
            foreach (var (description, _) in layers)
            {
                json.WriteStartObject();
                json.WriteString("created", Created);
                json.WriteString("created_by", description);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });

    /// <summary>The image manifest.</summary>
    /// <param name="recipe">The image.</param>
    /// <param name="configuration">The digest of its configuration.</param>
    /// <param name="layers">Bottom first.</param>
    public static byte[] Manifest(Recipe recipe, Content.Digest configuration, IEnumerable<StoredLayer> layers) =>
        OciJson.Write(json =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", ManifestType);
            json.WriteStartObject("config");
            json.Descriptor(ConfigurationType, configuration);
            json.WriteEndObject();
            json.WriteStartArray("layers");
            foreach (var layer in layers)
            {
                json.WriteStartObject();
                json.Descriptor(LayerType, layer.Blob);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            var annotations = Annotations(recipe).Where(x => !string.IsNullOrEmpty(x.Value)).ToList();
            json.Map("annotations", annotations!);
        });

    private static IEnumerable<(string Key, string? Value)> Annotations(Recipe recipe) =>
        [
            ("org.opencontainers.image.description", recipe.Summary),
            ("org.opencontainers.image.licenses", recipe.License),
            ("org.opencontainers.image.title", recipe.Name),
            ("org.opencontainers.image.url", recipe.Homepage),
            ("org.opencontainers.image.version", recipe.Version),
        ];

    private static void Execution(Utf8JsonWriter json, ImageSpec image)
    {
        if (image.User is { } user)
            json.WriteString("User", user);
        json.Set("ExposedPorts", image.Ports);
        json.Strings("Env", image.Environment.Select(x => $"{x.Key}={x.Value}"));
        json.Strings("Entrypoint", image.Entrypoint);
        json.Strings("Cmd", image.Cmd);
        json.Set("Volumes", image.Volumes);
        json.WriteString("WorkingDir", image.WorkingDirectory ?? "/");
        json.Map("Labels", [.. image.Labels.Select(x => (x.Key, x.Value))]);
        if (image.StopSignal is { } signal)
            json.WriteString("StopSignal", signal);
        if (image.Healthcheck is { } check)
            Healthcheck(json, check);
    }

    private static void Healthcheck(Utf8JsonWriter json, HealthcheckSpec check)
    {
        json.WriteStartObject("Healthcheck");
        json.Strings("Test", check.Command.Prepend("CMD"));
        Nanoseconds(json, "Interval", check.Interval);
        Nanoseconds(json, "Timeout", check.Timeout);
        Nanoseconds(json, "StartPeriod", check.StartPeriod);
        if (check.Retries is { } retries)
            json.WriteNumber("Retries", retries);
        json.WriteEndObject();
    }

    private static void Nanoseconds(Utf8JsonWriter json, string key, TimeSpan? time)
    {
        if (time is { } value)
            json.WriteNumber(key, value.Ticks * TimeSpan.NanosecondsPerTick);
    }
}
