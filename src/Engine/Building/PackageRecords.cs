using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;

namespace Recipes.Engine.Building;

/// <summary>What the store keeps of actions and of packages, so that what was built once is found again.</summary>
internal sealed class PackageRecords(ContentStore store)
{
    /// <summary>The stage that an action left, if it is whole in the store.</summary>
    public Digest? FindStage(Digest action)
    {
        var document = store.FindRecord(RecordKind.Action, action);
        var record = document is null ? null : JsonSerializer.Deserialize(document, RecordsJson.Default.ActionRecord);
        return record is not null && Digest.TryParse(record.Stage, out var stage) && store.HasTree(stage) ? stage : null;
    }

    /// <summary>Notes what an action left.</summary>
    public void AddStage(Digest action, Digest stage, TimeSpan elapsed, TimeSpan? cpu)
    {
        var record = new ActionRecord(stage.ToString(), elapsed.TotalSeconds, cpu?.TotalSeconds);
        store.WriteRecord(
            RecordKind.Action,
            action,
            JsonSerializer.SerializeToUtf8Bytes(record, RecordsJson.Default.ActionRecord)
        );
    }

    /// <summary>The outputs of a package, if all their trees are whole in the store.</summary>
    public ImmutableSortedDictionary<string, BuiltOutput>? FindOutputs(Digest key)
    {
        var document = store.FindRecord(RecordKind.Package, key);
        var record = document is null ? null : JsonSerializer.Deserialize(document, RecordsJson.Default.PackageRecord);
        if (record is null)
            return null;
        var outputs = record.Outputs.ToImmutableSortedDictionary(
            x => x.Name,
            x => new BuiltOutput(x.Name, Digest.Parse(x.Tree), x.FileBytes, new OutputScan(x.Files), x.Requires),
            StringComparer.Ordinal
        );
        return outputs.Values.All(x => store.HasTree(x.Tree)) ? outputs : null;
    }

    /// <summary>Notes the outputs of a package.</summary>
    /// <param name="key">Of the result.</param>
    /// <param name="action">The action that they come from: should one of its inputs turn out to be damaged, they are not believed.</param>
    /// <param name="outputs">All of them.</param>
    public void AddOutputs(Digest key, Digest action, IEnumerable<BuiltOutput> outputs)
    {
        var record = new PackageRecord(
            [
                .. outputs.Select(x => new OutputRecord(x.Name, x.Tree.ToString(), x.FileBytes, x.Scan.Files, x.Requires)),
            ],
            action.ToString()
        );
        store.WriteRecord(
            RecordKind.Package,
            key,
            JsonSerializer.SerializeToUtf8Bytes(record, RecordsJson.Default.PackageRecord)
        );
    }
}

internal sealed record ActionRecord(string Stage, double Seconds, double? CpuSeconds);

internal sealed record PackageRecord(ImmutableArray<OutputRecord> Outputs, string? Action);

internal sealed record OutputRecord(
    string Name,
    string Tree,
    long FileBytes,
    ImmutableArray<FileScan> Files,
    ImmutableArray<string> Requires
);

[JsonSerializable(typeof(ActionRecord))]
[JsonSerializable(typeof(PackageRecord))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
internal sealed partial class RecordsJson : JsonSerializerContext;
