using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Patching;

namespace Recipes.Cli.Output;

/// <summary>Writes answers as JSON.</summary>
internal static class Json
{
    // The output is a file or a terminal, never HTML: text stays readable.
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One document and a line end.</summary>
    public static void Write<T>(TextWriter writer, T answer, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            JsonSerializer.Serialize(json, answer, type);
        writer.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}

/// <summary>The shapes of all answers, known when compiling: native code has no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BuildJson))]
[JsonSerializable(typeof(BumpJson))]
[JsonSerializable(typeof(CheckJson))]
[JsonSerializable(typeof(InitJson))]
[JsonSerializable(typeof(CollectionBumpJson))]
[JsonSerializable(typeof(ComparisonJson))]
[JsonSerializable(typeof(ComposeJson))]
[JsonSerializable(typeof(ContractAcceptJson))]
[JsonSerializable(typeof(ContractCheckJson))]
[JsonSerializable(typeof(ContractDifferenceJson))]
[JsonSerializable(typeof(ContractJson))]
[JsonSerializable(typeof(DockerCleanupJson))]
[JsonSerializable(typeof(ExplanationJson))]
[JsonSerializable(typeof(FilesJson))]
[JsonSerializable(typeof(FormatJson))]
[JsonSerializable(typeof(SystemsJson))]
[JsonSerializable(typeof(HostJson))]
[JsonSerializable(typeof(ImpactJson))]
[JsonSerializable(typeof(ListJson))]
[JsonSerializable(typeof(LoadJson))]
[JsonSerializable(typeof(LockJson))]
[JsonSerializable(typeof(NewJson))]
[JsonSerializable(typeof(NewImageJson))]
[JsonSerializable(typeof(OutdatedJson))]
[JsonSerializable(typeof(OwnersJson))]
[JsonSerializable(typeof(PushJson))]
[JsonSerializable(typeof(SizeJson))]
[JsonSerializable(typeof(SourcesJson))]
[JsonSerializable(typeof(StoreCleanup))]
[JsonSerializable(typeof(TestJson))]
[JsonSerializable(typeof(UsageJson))]
[JsonSerializable(typeof(VerificationJson))]
[JsonSerializable(typeof(VersionsJson))]
[JsonSerializable(typeof(WhyJson))]
internal sealed partial class CliJson : JsonSerializerContext;
