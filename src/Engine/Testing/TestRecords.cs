using System.Text.Json;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Testing;

/// <summary>What the store keeps of tests: only that they passed, since a failure is worth another look.</summary>
internal sealed class TestRecords(ContentStore store)
{
    /// <summary>True if the test of this action passed before.</summary>
    public bool HasPassed(Digest action) => store.FindRecord(RecordKind.Test, action) is not null;

    /// <summary>Notes that a test passed.</summary>
    public void Add(Digest action, TimeSpan elapsed) =>
        store.WriteRecord(
            RecordKind.Test,
            action,
            JsonSerializer.SerializeToUtf8Bytes(new PassedTest(elapsed.TotalSeconds), TestsJson.Default.PassedTest)
        );
}

internal sealed record PassedTest(double Seconds);

[JsonSerializable(typeof(PassedTest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
internal sealed partial class TestsJson : JsonSerializerContext;
