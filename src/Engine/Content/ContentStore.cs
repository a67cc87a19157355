using System.Globalization;

namespace Recipes.Engine.Content;

/// <summary>
/// Everything this machine has fetched or built: trees, blobs, records and logs, by digest. Safe for several processes
/// at once: an entry appears whole, by one rename, or not at all. <c>docs/store.md</c> describes the folders.
/// </summary>
internal sealed partial class ContentStore : ITreeReader
{
    private const string OnlyAsked = "it was opened to be asked.";

    private readonly StoreLock? usage;
    private readonly string? obstacle;

    // A kind that nobody declared, as of a newer version, is taken for a result: rather is too much made anew than too
    // little.
    private readonly IReadOnlyDictionary<string, RecordRole> roles;

    private ContentStore(
        StoreLayout layout,
        StoreLock? usage,
        string? obstacle,
        IEngineObserver observer,
        IEnumerable<RecordType> records
    )
    {
        (Layout, this.usage, this.obstacle, Observer) = (layout, usage, obstacle, observer);
        roles = StoreRecords
            .All.Concat(records)
            .DistinctBy(x => x.Name)
            .ToDictionary(x => x.Name, x => x.Role, StringComparer.Ordinal);
        Stamp = new(Owner);
    }

    internal StoreLayout Layout { get; }

    /// <summary>Whom the files of trees belong to; null for the caller.</summary>
    internal StoreOwner? Owner { get; } = StoreOwner.Find();

    /// <summary>The store's absolute path.</summary>
    public string Root => Layout.Root;

    /// <summary>Is told when something of the store turns out to be damaged.</summary>
    public IEngineObserver Observer { get; set; }

    /// <summary>
    /// False where the store can only be asked: its file system, or its owner, lets this process write nothing.
    /// </summary>
    public bool IsWritable => obstacle is null;

    private FileStamp Stamp { get; }

    /// <summary><c>$RECIPES_STORE</c>, else <c>$XDG_CACHE_HOME/recipes</c>, else <c>~/.cache/recipes</c>.</summary>
    public static string DefaultRoot
    {
        get
        {
            if (Environment.GetEnvironmentVariable("RECIPES_STORE") is { Length: > 0 } store)
                return Path.GetFullPath(store);
            // The XDG base directory specification asks to ignore relative paths.
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache))
                return Path.Join(cache, "recipes");
            return Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "recipes");
        }
    }

    /// <summary>
    /// Opens a store, making its folders where they are missing. One that is there and cannot be written is opened to
    /// be asked: it makes no file, marks no use, and what has to be written is refused, with the reason.
    /// </summary>
    /// <param name="root">Its folder.</param>
    /// <param name="observer">Is told of waiting and of damage; null for nobody.</param>
    /// <param name="records">
    /// The kinds of records that are kept in it; those that are not among them go with a damaged tree.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <exception cref="EngineException">
    /// The folder cannot be made or read, is something else, or was made by a newer version.
    /// </exception>
    public static ContentStore Open(
        string root,
        IEngineObserver? observer = null,
        IReadOnlyCollection<RecordType>? records = null,
        CancellationToken cancellationToken = default
    ) => OpenFolder(root, StoreFolders.Obstacle, observer, records ?? [], cancellationToken);

    /// <summary>
    /// Opens a store to ask it something: nothing is written, not even that something was used, and a store that is not
    /// there is an empty one.
    /// </summary>
    /// <param name="root">Its folder.</param>
    /// <param name="observer">Is told of waiting and of damage; null for nobody.</param>
    /// <param name="cancellationToken">Ends the wait for another process.</param>
    /// <exception cref="EngineException">
    /// The folder cannot be read, is something else, or was made by a newer version.
    /// </exception>
    public static ContentStore OpenToAsk(
        string root,
        IEngineObserver? observer = null,
        CancellationToken cancellationToken = default
    ) =>
        OpenFolder(
            root,
            layout =>
            {
                StoreFolders.Check(layout);
                return OnlyAsked;
            },
            observer,
            [],
            cancellationToken
        );

    private static ContentStore OpenFolder(
        string root,
        Func<StoreLayout, string?> findObstacle,
        IEngineObserver? observer,
        IReadOnlyCollection<RecordType> records,
        CancellationToken cancellationToken
    )
    {
        var layout = new StoreLayout(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        observer ??= SilentObserver.Instance;
        try
        {
            var obstacle = findObstacle(layout);
            var usage = StoreLock.Take(layout, write: obstacle is null, observer, cancellationToken);
            return new(layout, usage, obstacle, observer, records);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(layout, e);
        }
    }

    /// <summary>The same store, to be asked only.</summary>
    internal ContentStore ToAsk() => new(Layout, usage, OnlyAsked, Observer, []);

    private static EngineException Unusable(StoreLayout layout, Exception reason) =>
        new(
            $"The store '{layout.Root}' cannot be used: {StorageFault.Reason(reason)}; "
                + $"{new Remedy(RemedyKind.ChooseStore)}",
            reason
        );

    /// <summary>
    /// A new empty folder on the store's file system; deleted on disposal, or by the next gc if the process died.
    /// </summary>
    /// <param name="label">For people who look at the folder.</param>
    /// <exception cref="EngineException">The store cannot be written.</exception>
    public ScratchDirectory CreateScratch(string label)
    {
        RequireWritable();
        var path = Layout.NewScratch(label);
        // What builds leave in it, setuid files among them, is for nobody else.
        Directory.CreateDirectory(path, StoreFolders.Private);
        return new(path);
    }

    /// <summary>Where the log of an action is, or will be.</summary>
    public string LogPath(Digest action) => Layout.Log(action);

    /// <summary>Prepares for a new log of an action, in place of an earlier one.</summary>
    /// <returns>Its path; the folder exists.</returns>
    /// <exception cref="EngineException">The store cannot be written.</exception>
    public string BeginLog(Digest action)
    {
        var path = LogPath(action);
        DropRecord(StoreRecords.Log, action);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Notes what is in a log that is finished, so that a later change of it is found.</summary>
    public void EndLog(Digest action) => WriteRecord(StoreRecords.Log, action, new(Digest.OfFile(LogPath(action))));

    /// <summary>
    /// Takes the lock of an action that is to be run; null while another process, or this one, runs it.
    /// </summary>
    /// <exception cref="EngineException">The store cannot be written.</exception>
    public ActionLock? TryLockAction(Digest action)
    {
        RequireWritable();
        return ActionLock.TryTake(Layout.ActionLock(action));
    }

    /// <summary>True while a process runs an action.</summary>
    public bool IsRunning(Digest action) => ActionLock.IsHeld(Layout.ActionLock(action));

    /// <summary>
    /// Where a failed build may leave its folders for inspection; deleted by gc like anything long unused.
    /// </summary>
    public string KeptPath(string label) => Path.Join(Layout.Kept, label);

    /// <summary>For what has to write.</summary>
    /// <exception cref="EngineException">The store cannot be written.</exception>
    public void RequireWritable()
    {
        if (obstacle is not null)
            throw new EngineException(
                $"The store '{Root}' can be read but not written: {obstacle} To go on, "
                    + $"{new Remedy(RemedyKind.ChooseStore)}."
            );
    }

    /// <summary>Runs something while no other process uses the store; false, without running it, if one does.</summary>
    internal bool TryExclusively(Action action)
    {
        RequireWritable();
        return usage!.TryExclusively(action);
    }

    /// <summary>True if the entry is there; marks it as used now, at most once a day.</summary>
    private bool Use(string path, out long size)
    {
        var stat = Posix.Stat(path);
        size = stat?.Size ?? 0;
        if (stat is null)
            return false;
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (IsWritable && now - stat.Value.Modified > 24 * 60 * 60)
            Posix.SetTimes(path, now);
        return true;
    }

    /// <summary>Drops a damaged entry, where we may.</summary>
    private void Drop(string path)
    {
        if (IsWritable)
            File.Delete(path);
    }

    /// <summary>Writes a file so that it appears whole, in place of an earlier one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="isDear">
    /// True for what would cost a build to make anew: it is on the disk before it has its name. Everything else has a
    /// checksum, and is made anew if a loss of power took it.
    /// </param>
    private void Write(string path, ReadOnlySpan<byte> bytes, bool isDear)
    {
        RequireWritable();
        using var draft = FileDraft.At(
            Layout.NewScratch("draft"),
            path,
            isDear ? FileDurability.Content : FileDurability.None
        );
        draft.Write(bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        draft.Publish();
    }
}
