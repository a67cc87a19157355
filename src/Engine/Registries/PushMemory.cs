using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine.Registries;

/// <summary>
/// In which repositories of a registry a blob was last seen: the registry can mount it from there, and itself does not
/// tell. It may be wrong, for a registry forgets too; a mount that fails is an upload.
/// </summary>
internal sealed class PushMemory(ContentStore store, string host, Digest blob)
{
    private const int Most = 4;

    private readonly Digest key = Digest.Of(Encoding.UTF8.GetBytes($"pushed 1\n{host}\n{blob}\n"));

    /// <summary>The last first.</summary>
    public ImmutableArray<string> Repositories =>
        store.FindRecord(RecordKind.Push, key) is { } document
            ? [.. Encoding.UTF8.GetString(document).Split('\n', StringSplitOptions.RemoveEmptyEntries)]
            : [];

    /// <summary>Remembers that the blob is in a repository.</summary>
    public void Remember(string repository)
    {
        var known = Repositories;
        if (known.FirstOrDefault() != repository)
            store.WriteRecord(
                RecordKind.Push,
                key,
                Encoding.UTF8.GetBytes(string.Concat(known.Remove(repository).Insert(0, repository).Take(Most).Select(x => x + "\n")))
            );
    }
}
