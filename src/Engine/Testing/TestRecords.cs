using System.Text.Json.Serialization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Testing;

/// <summary>What the store keeps of tests: only that they passed, since a failure is worth another look.</summary>
internal sealed class TestRecords(ContentStore store)
{
    /// <summary>The action of a test → that it passed, and how long it took.</summary>
    internal static RecordType<PassedTest> Passed { get; } =
        RecordType.OfJson("test", RecordRole.Result, TestsJson.Default.PassedTest);

    /// <summary>True if the test of this action passed before.</summary>
    public bool HasPassed(Digest action) => store.FindRecord(Passed, action) is not null;

    /// <summary>Notes that a test passed.</summary>
    public void Add(Digest action, TimeSpan elapsed) => store.WriteRecord(Passed, action, new(elapsed.TotalSeconds));
}

internal sealed record PassedTest(double Seconds);

[JsonSerializable(typeof(PassedTest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
internal sealed partial class TestsJson : JsonSerializerContext;
