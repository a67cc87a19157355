namespace Recipes.Engine.Content;

/// <summary>The kinds of small documents that the store keeps under a key.</summary>
public enum RecordKind
{
    /// <summary>Action digest → what it left.</summary>
    Action,

    /// <summary>Action result and split rules → the outputs of a package.</summary>
    Package,

    /// <summary>Digest of a list of trees → the tree they merge to.</summary>
    Merge,

    /// <summary>Digest of a layer's inputs → the layer's blob.</summary>
    Layer,

    /// <summary>Digest of an image's inputs → its manifest and size table.</summary>
    Image,

    /// <summary>Recipe name → durations of earlier builds.</summary>
    History,
}

/// <summary>
/// Everything this machine has fetched or built: trees, blobs, records and logs, by digest. Safe for several processes at
/// once: an entry appears whole, by one rename, or not at all. <c>docs/store.md</c> describes the folders.
/// </summary>
public sealed partial class ContentStore
{
    /// <summary>Opens a store, making its folders where they are missing.</summary>
    /// <exception cref="EngineException">The folder cannot be made or written, or was made by a newer version.</exception>
    public static ContentStore Open(string root) => throw new NotImplementedException(root);

    /// <summary><c>$RECIPES_STORE</c>, else <c>$XDG_CACHE_HOME/recipes</c>, else <c>~/.cache/recipes</c>.</summary>
    public static string DefaultRoot => "";

    /// <summary>The store's absolute path.</summary>
    public string Root { get; } = "";

    /// <summary>True if the whole tree is here: its listing and its directory.</summary>
    public bool HasTree(Digest tree) => throw new NotImplementedException();

    /// <summary>The plain directory of a tree: files 0644 or 0755, one constant mtime; never to be written to.</summary>
    public string TreePath(Digest tree) => throw new NotImplementedException();

    /// <summary>True if the listing is here, though perhaps not the files (a merged tree has only a listing).</summary>
    public bool HasListing(Digest tree) => throw new NotImplementedException();

    /// <summary>Names and digests of a tree, verified against the digest.</summary>
    /// <exception cref="EngineException">The tree is absent or damaged (a damaged listing is dropped).</exception>
    public Tree ReadTree(Digest tree) => throw new NotImplementedException();

    /// <summary>Keeps a listing without files, as of a merge.</summary>
    public void AddListing(Tree tree) => throw new NotImplementedException();

    /// <summary>
    /// Takes a directory below a scratch folder of this store as a tree: reads all files once for their digests, sets modes
    /// and mtimes, and moves it into place. The directory is gone afterwards.
    /// </summary>
    /// <exception cref="EngineException">It holds a device, socket, fifo, or a name that is not UTF-8.</exception>
    public Tree AddTree(string scratchDirectory) => throw new NotImplementedException();

    /// <summary>A new tree of some files and links of a stored one (whole paths), sharing its inodes by hard links.</summary>
    public Tree AddSubset(Tree tree, IReadOnlySet<string> paths) => throw new NotImplementedException();

    /// <summary>A new empty folder on the store's file system; deleted on disposal, or by the next gc if the process died.</summary>
    public ScratchDirectory CreateScratch(string label) => throw new NotImplementedException();

    /// <summary>Keeps some bytes.</summary>
    public Digest AddBlob(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>Takes a file below a scratch folder as a blob; the file is gone afterwards.</summary>
    public Digest AddBlobFile(string scratchFile) => throw new NotImplementedException();

    /// <summary>The path of a blob that is here (size compared), else null.</summary>
    public string? FindBlob(Digest blob) => throw new NotImplementedException();

    /// <summary>The document under a key, or null; a damaged one is dropped and null. Marks it as used now.</summary>
    public byte[]? FindRecord(RecordKind kind, Digest key) => throw new NotImplementedException();

    /// <summary>Keeps a document under a key, in place of an earlier one.</summary>
    public void WriteRecord(RecordKind kind, Digest key, ReadOnlySpan<byte> document) => throw new NotImplementedException();

    /// <summary>Where the log of an action is, or will be.</summary>
    public string LogPath(Digest action) => throw new NotImplementedException();
}
