using System.Text.Json.Serialization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Building.Planning;

/// <summary>What building a package took when it last ran on this machine.</summary>
/// <param name="Seconds">Wall time of the action; of one that failed, not less than that of the run before.</param>
/// <param name="CpuSeconds">User and system time, or null where it was not known.</param>
/// <param name="Action">The digest of the action, by which its log is found.</param>
internal sealed record PastBuild(double Seconds, double? CpuSeconds, [property: JsonRequired] Digest Action);

/// <summary>Durations of earlier builds, by which the scheduler orders the next ones.</summary>
/// <param name="store">Where they are kept.</param>
internal sealed class BuildHistory(ContentStore store)
{
    /// <summary>Recipe name → durations of earlier builds.</summary>
    internal static RecordType<PastBuild> Builds { get; } =
        RecordType.OfJson("history", RecordRole.Derived, HistoryJson.Default.PastBuild);

    /// <summary>The last build of a package, or null.</summary>
    public PastBuild? Find(string package) => store.FindRecord(Builds, Key(package));

    /// <summary>Notes a build that ran, whether it succeeded or not.</summary>
    public void Add(string package, PastBuild build) => store.WriteRecord(Builds, Key(package), build);

    private static Digest Key(string package) => Digest.OfText(package);
}

[JsonSerializable(typeof(PastBuild))]
internal sealed partial class HistoryJson : JsonSerializerContext;
