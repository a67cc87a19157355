using System.Text.Json;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Building.Running;

/// <summary>A build that failed in a step, with its folders as they were then.</summary>
/// <param name="Action">The digest of the action.</param>
/// <param name="Step">The step that failed.</param>
/// <param name="IsFinished">
/// True once the rest of it went through in these folders. What came out is not clean: it depends on all that was tried
/// there.
/// </param>
internal sealed record KeptBuild([property: JsonRequired] Digest Action, string Step, bool IsFinished);

/// <summary>
/// The kept folders of failed builds, one a package: <c>build/</c>, <c>stage/</c>, <c>tmp/</c>, and what failed.
/// </summary>
/// <param name="store">Where they are.</param>
internal sealed class KeptBuilds(ContentStore store)
{
    private const string Note = "failure.json";

    /// <summary>The folder of a package's last failure; it need not exist.</summary>
    public string Folder(string package) => store.KeptPath(package);

    /// <summary>The last build of a package, if it failed in a step; null if not, or if its folders are gone.</summary>
    public KeptBuild? Find(string package)
    {
        try
        {
            // What lies around it is a build's.
            using var note = new FileStream(Posix.OpenBeneath(Folder(package), Note), FileAccess.Read);
            return JsonSerializer.Deserialize(note, KeptJson.Default.KeptBuild);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    internal void Write(string package, KeptBuild build)
    {
        // By a rename, which follows nothing.
        using var scratch = store.CreateScratch(package);
        using var draft = FileDraft.At(
            Path.Join(scratch.Path, Note),
            Path.Join(Folder(package), Note),
            FileDurability.None
        );
        draft.Write(JsonSerializer.SerializeToUtf8Bytes(build, KeptJson.Default.KeptBuild));
        draft.Publish();
    }

    internal void Remove(string package) => ScratchDirectory.Delete(Folder(package));
}

[JsonSerializable(typeof(KeptBuild))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
internal sealed partial class KeptJson : JsonSerializerContext;
