using System.Text.Json;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Building;

/// <summary>What building a package took when it last ran on this machine.</summary>
/// <param name="Seconds">Wall time of the action; of one that failed, not less than that of the run before.</param>
/// <param name="CpuSeconds">User and system time, or null where it was not known.</param>
/// <param name="Action">The digest of the action, by which its log is found.</param>
public sealed record PastBuild(double Seconds, double? CpuSeconds, string Action);

/// <summary>Durations of earlier builds, by which the scheduler orders the next ones.</summary>
/// <param name="store">Where they are kept.</param>
public sealed class BuildHistory(ContentStore store)
{
    /// <summary>The last build of a package, or null.</summary>
    public PastBuild? Find(string package)
    {
        var document = store.FindRecord(RecordKind.History, Key(package));
        return document is null ? null : JsonSerializer.Deserialize(document, HistoryJson.Default.PastBuild);
    }

    /// <summary>Notes a build that ran, whether it succeeded or not.</summary>
    public void Add(string package, PastBuild build) =>
        store.WriteRecord(
            RecordKind.History,
            Key(package),
            JsonSerializer.SerializeToUtf8Bytes(build, HistoryJson.Default.PastBuild)
        );

    private static Digest Key(string package) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(package));
}

[JsonSerializable(typeof(PastBuild))]
internal sealed partial class HistoryJson : JsonSerializerContext;
