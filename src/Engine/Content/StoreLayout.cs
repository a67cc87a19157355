namespace Recipes.Engine.Content;

/// <summary>The folders of a store; <c>docs/store.md</c> describes them.</summary>
internal sealed class StoreLayout(string root)
{
    /// <summary>The version in the <c>format</c> file; a store with a higher one is not touched.</summary>
    public const int Version = 1;

    public string Root => root;
    public string Format => Path.Join(root, "format");
    public string Lock => Path.Join(root, "lock");
    public string Trees => Path.Join(root, "trees");
    public string Listings => Path.Join(root, "listings");
    public string Blobs => Path.Join(root, "blobs");
    public string Records => Path.Join(root, "records");
    public string Logs => Path.Join(root, "logs");
    public string Git => Path.Join(root, "git");
    public string Kept => Path.Join(root, "kept");
    public string Scratch => Path.Join(root, "tmp");

    public IEnumerable<string> Folders => [Trees, Listings, Blobs, Records, Logs, Kept, Scratch];

    public string Tree(Digest digest) => Tree(digest.Hash);

    public string Tree(string hash) => Entry(Trees, hash);

    public string Listing(Digest digest) => Entry(Listings, digest.Hash);

    public string Listing(string hash) => Entry(Listings, hash);

    public string Blob(Digest digest) => Entry(Blobs, digest.Hash);

    public string RecordFolder(string kind) => Path.Join(Records, kind);

    public string Record(RecordType type, Digest key) => Record(type.Name, key.Hash);

    public string Record(string kind, string hash) => Entry(RecordFolder(kind), hash);

    /// <summary>The names of the kinds of records that are here, whoever wrote them.</summary>
    public IEnumerable<string> RecordKinds =>
        // A store that can only be read may lack folders.
        (Directory.Exists(Records) ? Directory.EnumerateDirectories(Records) : [])
            .Select(x => Path.GetFileName(x))
            .Order(StringComparer.Ordinal);

    public string Log(Digest action) => Log(action.Hash);

    public string Log(string hash) => Entry(Logs, hash) + ".log";

    public string ActionLock(Digest action) => Path.Join(Scratch, action.Hash + ".lock");

    /// <summary>A new name in the scratch folder, with the process id first, for people and for the next gc.</summary>
    public string NewScratch(string label) => Path.Join(Scratch, FileDraft.NewName(label));

    // Two hexadecimal digits keep each folder small.
    private static string Entry(string folder, string hash) => Path.Join(folder, hash[..2], hash);
}
