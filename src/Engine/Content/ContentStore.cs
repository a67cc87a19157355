using System.Globalization;

namespace Recipes.Engine.Content;

/// <summary>
/// Everything this machine has fetched or built: trees, blobs, records and logs, by digest. Safe for several processes at
/// once: an entry appears whole, by one rename, or not at all. <c>docs/store.md</c> describes the folders.
/// </summary>
public sealed partial class ContentStore
{
    private readonly StoreLock usage;

    private ContentStore(StoreLayout layout, StoreLock usage) => (Layout, this.usage) = (layout, usage);

    internal StoreLayout Layout { get; }

    /// <summary>Whom the files of trees belong to; null for the caller.</summary>
    internal StoreOwner? Owner { get; } = StoreOwner.Find();

    /// <summary>The store's absolute path.</summary>
    public string Root => Layout.Root;

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

    /// <summary>Opens a store, making its folders where they are missing.</summary>
    /// <exception cref="EngineException">The folder cannot be made or written, is something else, or was made by a newer version.</exception>
    public static ContentStore Open(string root)
    {
        var layout = new StoreLayout(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        try
        {
            if (!File.Exists(layout.Format))
                Initialise(layout);
            CheckFormat(layout);
            foreach (var folder in layout.Folders)
                Directory.CreateDirectory(folder);
            return new(layout, StoreLock.Take(layout));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                $"The store '{layout.Root}' cannot be used: {e.Message} Choose another folder with --store or RECIPES_STORE.",
                e
            );
        }
    }

    private static void Initialise(StoreLayout layout)
    {
        Directory.CreateDirectory(layout.Root);
        // Whoever names a folder of their own by mistake must not find it filled, and cleaned by a later gc.
        var ours = layout.Folders.Append(layout.Lock).Append(layout.Format).ToHashSet(StringComparer.Ordinal);
        if (Directory.EnumerateFileSystemEntries(layout.Root).FirstOrDefault(x => !ours.Contains(x)) is { } foreign)
            throw new EngineException(
                $"The folder '{layout.Root}' is no store: it holds '{Path.GetFileName(foreign)}'. Name an empty or a new folder."
            );
        Directory.CreateDirectory(layout.Scratch);
        var draft = layout.NewScratch("format");
        File.WriteAllText(draft, string.Create(CultureInfo.InvariantCulture, $"{StoreLayout.Version}\n"));
        Posix.RenameFile(draft, layout.Format);
    }

    private static void CheckFormat(StoreLayout layout)
    {
        var text = File.ReadAllText(layout.Format).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1)
            throw new EngineException($"'{layout.Format}' holds no version. Restore it to '{StoreLayout.Version}', or name another store.");
        if (version > StoreLayout.Version)
            throw new EngineException(
                $"The store '{layout.Root}' has format {version}, and this version of recipes knows formats up to "
                    + $"{StoreLayout.Version}. Use a newer recipes, or name another store with --store or RECIPES_STORE."
            );
    }

    /// <summary>A new empty folder on the store's file system; deleted on disposal, or by the next gc if the process died.</summary>
    /// <param name="label">For people who look at the folder.</param>
    public ScratchDirectory CreateScratch(string label)
    {
        var path = Layout.NewScratch(label);
        Directory.CreateDirectory(path);
        return new(path);
    }

    /// <summary>Where the log of an action is, or will be; its folder exists.</summary>
    public string LogPath(Digest action)
    {
        var path = Layout.Log(action);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Takes the lock of an action that is to be run; null while another process, or this one, runs it.</summary>
    public ActionLock? TryLockAction(Digest action) => ActionLock.TryTake(Layout.ActionLock(action));

    /// <summary>Where a failed build may leave its folders for a look; deleted by gc like anything long unused.</summary>
    public string KeptPath(string label) => Path.Join(Layout.Kept, label);

    /// <summary>Runs something while no other process uses the store; false, without running it, if one does.</summary>
    internal bool TryExclusively(Action action) => usage.TryExclusively(action);

    /// <summary>True if the entry is there; marks it as used now, at most once a day.</summary>
    private static bool Use(string path, out long size)
    {
        var stat = Posix.Stat(path);
        size = stat?.Size ?? 0;
        if (stat is null)
            return false;
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (now - stat.Value.Modified > 24 * 60 * 60)
            Posix.SetTimes(path, now);
        return true;
    }

    /// <summary>Writes a file so that it appears whole, in place of an earlier one.</summary>
    private void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var draft = Layout.NewScratch("draft");
        File.WriteAllBytes(draft, bytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Posix.RenameFile(draft, path);
    }
}
