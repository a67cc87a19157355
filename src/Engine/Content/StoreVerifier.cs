using System.Collections.Immutable;

namespace Recipes.Engine.Content;

/// <summary>Something in a store that is not as its digest says. It has been dropped, and will be made anew when needed.</summary>
/// <param name="Kind">A tree, blob or record.</param>
/// <param name="Name">The hash in hexadecimal.</param>
/// <param name="Problem">One sentence without a full stop; of a tree, naming the file.</param>
public sealed record StoreDamage(StoreEntryKind Kind, string Name, string Problem)
{
    /// <summary><c>tree HASH: problem</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Name}: {Problem}";
}

/// <summary>What a verification found.</summary>
/// <param name="Checked">Number of trees, blobs and records looked at.</param>
/// <param name="Damages">All damage, by kind and hash.</param>
public sealed record StoreVerification(int Checked, ImmutableArray<StoreDamage> Damages);

/// <summary>Reads everything in a store again and compares it with its digests.</summary>
public static class StoreVerifier
{
    /// <summary>Verifies the whole store, and drops what is damaged. Others may use the store meanwhile.</summary>
    /// <param name="store">The store.</param>
    /// <param name="found">Told of each damage when it is found; may be null.</param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    public static StoreVerification Verify(
        ContentStore store,
        Action<StoreDamage>? found,
        CancellationToken cancellationToken
    )
    {
        var layout = store.Layout;
        var count = 0;
        var damages = ImmutableArray.CreateBuilder<StoreDamage>();
        var checks = Checks(StoreEntryKind.Tree, layout.Listings, x => Listing(store, x), layout.Trees)
            .Concat(Checks(StoreEntryKind.Tree, layout.Trees, x => Files(store, x), layout.Listings))
            .Concat(Checks(StoreEntryKind.Blob, layout.Blobs, Blob))
            .Concat(Enum.GetValues<RecordKind>().SelectMany(kind => Records(layout, kind)));
        foreach (var check in checks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            if (check.Problems.Count == 0)
                continue;
            foreach (var path in check.Paths)
                StoreCollector.Remove(layout, path);
            foreach (var problem in check.Problems)
            {
                var damage = new StoreDamage(check.Kind, Path.GetFileName(check.Paths[0]), problem);
                damages.Add(damage);
                found?.Invoke(damage);
            }
        }
        return new(count, damages.ToImmutable());
    }

    /// <summary>One entry looked at.</summary>
    private sealed record Checked(StoreEntryKind Kind, IReadOnlyList<string> Paths, IReadOnlyList<string> Problems);

    // The twin is the folder of what goes with it: a tree with its listing, and a listing with its tree.
    private static IEnumerable<Checked> Checks(
        StoreEntryKind kind,
        string folder,
        Func<string, IEnumerable<string>> problems,
        string? twin = null
    )
    {
        foreach (var path in Directory.Exists(folder) ? StoreInventory.Fanned(folder) : [])
        {
            var hash = Path.GetFileName(path);
            if (!Digest.TryFromHex(hash, 0, out _))
                yield return new(kind, [path], ["the name is no digest"]);
            else
                yield return new(kind, twin is null ? [path] : [path, Path.Join(twin, hash[..2], hash)], [.. problems(path)]);
        }
    }

    private static IEnumerable<Checked> Records(StoreLayout layout, RecordKind kind) =>
        Checks(
            StoreEntryKind.Record,
            layout.RecordFolder(kind),
            path =>
                ContentStore.TryReadRecord(kind, Path.GetFileName(path), path) is null
                    ? [$"the {kind.ToString().ToLowerInvariant()} record does not match its checksum"]
                    : []
        );

    private static IEnumerable<string> Blob(string path)
    {
        if (Digest.OfFile(path).Hash != Path.GetFileName(path))
            yield return "the content does not match the name";
    }

    private static IEnumerable<string> Listing(ContentStore store, string path)
    {
        if (store.TryReadListing(Path.GetFileName(path)) is null)
            yield return "the listing does not match its digest";
    }

    private static IEnumerable<string> Files(ContentStore store, string path)
    {
        if (store.TryReadListing(Path.GetFileName(path)) is not { } expected)
            return ["there are files, but no listing"];
        try
        {
            var actual = DirectoryReader.Read(path);
            return Differences(expected, actual).Concat(WrongStamps(path, actual));
        }
        catch (Exception e) when (e is EngineException or IOException or UnauthorizedAccessException)
        {
            return [e.Message.TrimEnd('.')];
        }
    }

    private static IEnumerable<string> Differences(Tree expected, Tree actual)
    {
        if (expected.Digest == actual.Digest)
            yield break;
        var found = actual.Walk().ToDictionary(x => x.Path, StringComparer.Ordinal);
        foreach (var entry in expected.Walk())
        {
            if (!found.Remove(entry.Path, out var other))
                yield return $"'{entry.Path}' is missing";
            else if (entry.Kind != other.Kind)
                yield return $"'{entry.Path}' is no {entry.Kind.ToString().ToLowerInvariant()}";
            else if (entry.Kind == TreeEntryKind.Link && entry.Target != other.Target)
                yield return $"the link '{entry.Path}' leads to '{other.Target}', not to '{entry.Target}'";
            else if (entry.Kind == TreeEntryKind.File && entry.Digest != other.Digest)
                yield return $"the content of '{entry.Path}' has changed";
            else if (entry.IsExecutable != other.IsExecutable)
                yield return $"the mode of '{entry.Path}' has changed";
        }
        foreach (var path in found.Keys.Order(TreeDirectory.NameOrder))
            yield return $"'{path}' does not belong to it";
    }

    private static IEnumerable<string> WrongStamps(string path, Tree actual)
    {
        foreach (var entry in actual.Walk())
        {
            var stat = Posix.Stat(Path.Join(path, entry.Path));
            if (stat is { } found && !FileStamp.IsSet(found))
                yield return $"the mode or time of '{entry.Path}' has changed";
        }
    }
}
