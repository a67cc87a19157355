using System.Globalization;
using System.Text;

namespace Recipes.Engine.Content;

/// <summary>The folders of a store on disk: making them, and telling whether they can be written.</summary>
internal static class StoreFolders
{
    /// <summary>
    /// The mode of the store and of scratch folders: builds leave setuid files, and sources may be secret.
    /// </summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folders that are missing, if they can be made.</summary>
    /// <returns>Null, or why the store can only be read, as a sentence.</returns>
    /// <exception cref="IOException">It is not there, and cannot be made.</exception>
    /// <exception cref="EngineException">It is something else, or was made by a newer version.</exception>
    public static string? Obstacle(StoreLayout layout)
    {
        if (!File.Exists(layout.Format))
            Initialise(layout);
        CheckFormat(layout);
        try
        {
            Complete(layout);
            return null;
        }
        catch (Exception e) when (StorageFault.IsOne(e))
        {
            return StorageFault.Reason(e) + ".";
        }
    }

    /// <summary>Makes sure that a folder is a store, or may become one, and makes nothing.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="EngineException">It is something else, or was made by a newer version.</exception>
    public static void Check(StoreLayout layout)
    {
        if (File.Exists(layout.Format))
            CheckFormat(layout);
        else if (Directory.Exists(layout.Root))
            RefuseForeign(layout);
        else if (File.Exists(layout.Root))
            throw new IOException($"The file '{layout.Root}' is not a folder.");
    }

    private static void Initialise(StoreLayout layout)
    {
        Directory.CreateDirectory(layout.Root, Private);
        RefuseForeign(layout);
        Directory.CreateDirectory(layout.Scratch);
        using var draft = FileDraft.At(layout.NewScratch("format"), layout.Format, FileDurability.Content);
        draft.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{StoreLayout.Version}\n")));
        draft.Publish();
    }

    private static void RefuseForeign(StoreLayout layout)
    {
        // Whoever names a folder of their own by mistake must not find it filled, and cleaned by a later gc.
        var ours = layout.Folders.Append(layout.Lock).Append(layout.Format).ToHashSet(StringComparer.Ordinal);
        if (Directory.EnumerateFileSystemEntries(layout.Root).FirstOrDefault(x => !ours.Contains(x)) is { } foreign)
            throw new EngineException(
                $"The folder '{layout.Root}' is not a store: it holds '{Path.GetFileName(foreign)}'. Name an empty "
                    + $"or a new folder."
            );
    }

    private static void CheckFormat(StoreLayout layout)
    {
        var text = File.ReadAllText(layout.Format).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1)
            throw new EngineException(
                $"'{layout.Format}' holds no version. Restore it to '{StoreLayout.Version}', or name another store."
            );
        if (version > StoreLayout.Version)
            throw new EngineException(
                $"The store '{layout.Root}' has format {version}, and this version of recipes knows formats up to "
                    + $"{StoreLayout.Version}. Use a newer recipes, or {new Remedy(RemedyKind.ChooseStore)}."
            );
    }

    private static void Complete(StoreLayout layout)
    {
        // Opening the lock for writing asks the kernel, which alone knows of mounts, owners and capabilities.
        var (file, error) = Posix.TryOpenLock(layout.Lock, write: true);
        if (file is null)
            throw Posix.Failure("write", layout.Lock, error);
        file.Dispose();
        foreach (var folder in layout.Folders)
            Directory.CreateDirectory(folder);
        // One of an earlier version was open to all; another user's is theirs to open.
        var root = Posix.Stat(layout.Root)!.Value;
        if (root.Kind == FileKind.Folder && root.Mode != Private && root.User == Posix.EffectiveUser)
            File.SetUnixFileMode(layout.Root, Private);
        // Builds of root run as nobody, and come by here; the store's own mode keeps others out.
        OpenForBuilds(layout.Trees);
    }

    /// <summary>Makes a folder that builds pass through, whatever the caller's umask is.</summary>
    public static void OpenForBuilds(string folder)
    {
        var mode = FileStamp.ModeOf(isExecutable: true);
        if (Directory.CreateDirectory(folder).UnixFileMode != mode)
            File.SetUnixFileMode(folder, mode);
    }
}
