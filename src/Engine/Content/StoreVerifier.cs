using System.Collections.Immutable;

namespace Recipes.Engine.Content;

/// <summary>
/// Something in a store that is not as its digest says. It has been dropped, and will be made anew when needed.
/// </summary>
/// <param name="Kind">A tree, blob, record or log, or a git repository.</param>
/// <param name="Name">The hash in hexadecimal.</param>
/// <param name="Problem">One sentence without a full stop; of a tree, naming the file.</param>
internal sealed record StoreDamage(StoreEntryKind Kind, string Name, string Problem)
{
    /// <summary><c>tree HASH: problem</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Name}: {Problem}";
}

/// <summary>What a verification found.</summary>
/// <param name="Checked">Number of entries looked at.</param>
/// <param name="Damages">All damage, by kind and hash.</param>
internal sealed record StoreVerification(int Checked, ImmutableArray<StoreDamage> Damages);

/// <summary>Reads everything in a store again and compares it with its digests.</summary>
internal static class StoreVerifier
{
    /// <summary>
    /// Verifies the whole store, and drops what is damaged, with the results of all actions that a damaged tree took
    /// part in. Others may use the store meanwhile.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="found">Told of each damage when it is found; may be null.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <exception cref="EngineException">The store cannot be written.</exception>
    public static StoreVerification Verify(
        ContentStore store,
        Action<StoreDamage>? found,
        CancellationToken cancellationToken
    )
    {
        store.RequireWritable();
        var layout = store.Layout;
        var count = 0;
        var damages = ImmutableArray.CreateBuilder<StoreDamage>();
        // Records last: they are dropped with the trees that they speak of.
        var checks = Checks(StoreEntryKind.Tree, layout.Listings, x => Listing(store, x), layout.Trees)
            .Concat(Checks(StoreEntryKind.Tree, layout.Trees, x => Files(store, x, cancellationToken), layout.Listings))
            .Concat(Checks(StoreEntryKind.Blob, layout.Blobs, x => Blob(x, cancellationToken)))
            .Concat(Checks(StoreEntryKind.Log, layout.Logs, x => Log(layout, x, cancellationToken)))
            .Concat(layout.RecordKinds.SelectMany(kind => Records(layout, kind)));
        foreach (var check in checks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
            if (check.Problems.Count == 0)
                continue;
            foreach (var path in check.Paths)
                StoreCollector.Remove(layout, path);
            var name = Path.GetFileNameWithoutExtension(check.Paths[0]);
            foreach (var problem in check.Problems)
                Report(new(check.Kind, name, problem));
            // A listing is verified whenever it is read; files were perhaps built from.
            if (check.Paths[0].StartsWith(layout.Trees + "/", StringComparison.Ordinal))
            {
                foreach (var (kind, key) in store.DropResultsOf([name]))
                    Report(new(StoreEntryKind.Record, key, $"the {kind} record may come from the damaged tree {name}"));
            }
        }
        return new(count, damages.ToImmutable());

        void Report(StoreDamage damage)
        {
            damages.Add(damage);
            found?.Invoke(damage);
        }
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
            var hash = Path.GetFileNameWithoutExtension(path);
            if (!Digest.TryFromHex(hash, 0, out _))
                yield return new(kind, [path], ["the name is not a digest"]);
            else
                yield return new(
                    kind,
                    twin is null ? [path] : [path, Path.Join(twin, hash[..2], hash)],
                    [.. problems(path)]
                );
        }
    }

    private static IEnumerable<Checked> Records(StoreLayout layout, string kind) =>
        Checks(StoreEntryKind.Record, layout.RecordFolder(kind), path =>
            // Another process may have dropped it just now.
            ContentStore.TryReadRecord(kind, Path.GetFileName(path), path)
                is null
            && File.Exists(path)
                ? [$"the {kind} record does not match its checksum"]
                : []);

    private static IEnumerable<string> Blob(string path, CancellationToken cancellationToken)
    {
        if (DigestOf(path, cancellationToken).Hash != Path.GetFileName(path))
            yield return "the content does not match the name";
    }

    private static IEnumerable<string> Log(StoreLayout layout, string path, CancellationToken cancellationToken)
    {
        var key = Path.GetFileNameWithoutExtension(path);
        // One without is being written, was broken off, or is of an earlier version.
        if (
            ContentStore.TryReadRecord(StoreRecords.Log.Name, key, layout.Record(StoreRecords.Log.Name, key))
                is { } document
            && DigestOf(path, cancellationToken) != StoreRecords.Log.Decode(document)?.Digest
        )
            yield return "the log does not match its record";
    }

    private static Digest DigestOf(string path, CancellationToken cancellationToken)
    {
        using var hasher = new FileHasher();
        return hasher.Hash(path, cancellationToken);
    }

    private static IEnumerable<string> Listing(ContentStore store, string path)
    {
        if (store.TryReadListing(Path.GetFileName(path)) is null)
            yield return "the listing does not match its digest";
    }

    private static IEnumerable<string> Files(ContentStore store, string path, CancellationToken cancellationToken)
    {
        if (store.TryReadListing(Path.GetFileName(path)) is not { } expected)
            return ["there are files, but no listing"];
        try
        {
            var actual = DirectoryReader.Read(path, cancellationToken);
            return TreeProblems.Of(expected, actual).Concat(TreeProblems.OfMetadata(path, actual));
        }
        catch (Exception e) when (e is EngineException or IOException or UnauthorizedAccessException)
        {
            return [e.Message.TrimEnd('.')];
        }
    }
}
