using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>The few shapes that the documents of an image are made of; what is empty is left out.</summary>
internal static class OciJson
{
    // A document of an image is no page, so that a plus may stay a plus.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A document that is one object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static void Strings(this Utf8JsonWriter json, string key, IEnumerable<string> values)
    {
        var all = values.ToList();
        if (all.Count == 0)
            return;
        json.WriteStartArray(key);
        foreach (var value in all)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void Map(this Utf8JsonWriter json, string key, IReadOnlyCollection<(string Key, string Value)> values)
    {
        if (values.Count == 0)
            return;
        json.WriteStartObject(key);
        foreach (var (name, value) in values)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>A set, which in Go is a map to empty objects.</summary>
    public static void Set(this Utf8JsonWriter json, string key, IEnumerable<string> values)
    {
        var all = values.Distinct().Order(StringComparer.Ordinal).ToList();
        if (all.Count == 0)
            return;
        json.WriteStartObject(key);
        foreach (var value in all)
        {
            json.WriteStartObject(value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>The members of an OCI content descriptor.</summary>
    public static void Descriptor(this Utf8JsonWriter json, string mediaType, Digest digest)
    {
        json.WriteString("mediaType", mediaType);
        json.WriteString("digest", digest.Oci);
        json.WriteNumber("size", digest.Size);
    }
}
