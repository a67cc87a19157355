using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;

namespace Recipes.Engine.Building.Planning;

/// <summary>What the store keeps of actions and of packages, so that what was built once is found again.</summary>
internal sealed class PackageRecords(ContentStore store)
{
    /// <summary>Action → what it left.</summary>
    internal static RecordType<ActionRecord> Actions { get; } =
        RecordType.OfJson("action", RecordRole.Result, RecordsJson.Default.ActionRecord);

    /// <summary>Action result and split rules → the outputs of a package.</summary>
    internal static RecordType<PackageRecord> Packages { get; } =
        RecordType.OfJson("package", RecordRole.Result, RecordsJson.Default.PackageRecord);

    /// <summary>The stage that an action left, if it is whole in the store.</summary>
    public Digest? FindStage(Digest action) =>
        store.FindRecord(Actions, action) is { } record && store.HasTree(record.Stage) ? record.Stage : null;

    /// <summary>Notes what an action left.</summary>
    public void AddStage(Digest action, Digest stage, TimeSpan elapsed, TimeSpan? cpu) =>
        store.WriteRecord(Actions, action, new(stage, elapsed.TotalSeconds, cpu?.TotalSeconds));

    /// <summary>The outputs of a package, if all their trees are whole in the store.</summary>
    public ImmutableSortedDictionary<string, BuiltOutput>? FindOutputs(Digest key)
    {
        if (store.FindRecord(Packages, key) is not { } record)
            return null;
        var outputs = record.Outputs.ToImmutableSortedDictionary(
            x => x.Name,
            x => new BuiltOutput(x.Name, x.Tree, x.FileBytes, new OutputScan(x.Files), x.Requires)
            {
                Yields = x.Yields,
                HardLinks = x.HardLinks.IsDefault ? [] : x.HardLinks,
            },
            StringComparer.Ordinal
        );
        return outputs.Values.All(x => store.HasTree(x.Tree)) ? outputs : null;
    }

    /// <summary>Notes the outputs of a package.</summary>
    /// <param name="key">Of the result.</param>
    /// <param name="action">
    /// The action that they come from: should one of its inputs turn out to be damaged, they are not believed.
    /// </param>
    /// <param name="outputs">All of them.</param>
    public void AddOutputs(Digest key, Digest action, IEnumerable<BuiltOutput> outputs)
    {
        var record = new PackageRecord(
            [
                .. outputs.Select(x => new OutputRecord(
                    x.Name,
                    x.Tree,
                    x.FileBytes,
                    x.Scan.Files,
                    x.Requires,
                    x.Yields,
                    x.HardLinks.IsEmpty ? default : x.HardLinks
                )),
            ],
            action
        );
        store.WriteRecord(Packages, key, record);
    }
}

internal sealed record ActionRecord([property: JsonRequired] Digest Stage, double Seconds, double? CpuSeconds);

internal sealed record PackageRecord([property: JsonRequired] ImmutableArray<OutputRecord> Outputs, Digest? Action);

internal sealed record OutputRecord(
    string Name,
    [property: JsonRequired] Digest Tree,
    long FileBytes,
    ImmutableArray<FileScan> Files,
    ImmutableArray<string> Requires,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Yields = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        ImmutableArray<ImmutableArray<string>> HardLinks = default
);

[JsonSerializable(typeof(ActionRecord))]
[JsonSerializable(typeof(PackageRecord))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
internal sealed partial class RecordsJson : JsonSerializerContext;
