using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Registries.Pushing;

/// <summary>
/// In which repositories of a registry a blob was last seen: the registry can mount it from there, and itself does not
/// tell. It may be wrong, for a registry forgets too; a mount that fails is an upload.
/// </summary>
internal sealed class PushMemory(ContentStore store, string host, Digest blob)
{
    private const int Most = 4;

    /// <summary>Registry and blob → the repositories that have it.</summary>
    internal static RecordType<IReadOnlyList<string>> Pushes { get; } = RecordType.OfLines("push", RecordRole.Lasting);

    private readonly Digest key = new KeyBuilder("pushed 1").Add(host, blob.ToString()).Digest;

    /// <summary>The last first.</summary>
    public ImmutableArray<string> Repositories => [.. store.FindRecord(Pushes, key) ?? []];

    /// <summary>Remembers that the blob is in a repository.</summary>
    public void Remember(string repository)
    {
        var known = Repositories;
        if (known.FirstOrDefault() != repository)
            store.WriteRecord(Pushes, key, [.. known.Remove(repository).Insert(0, repository).Take(Most)]);
    }
}
