namespace Recipes.Engine.Content;

/// <summary>
/// The metadata that every file of a stored tree has: one of two modes, one mtime, one owner, and no extended
/// attribute. What a build set beyond that would act on other builds and stand in no digest.
/// </summary>
/// <param name="owner">Whom everything belongs to; null for the caller.</param>
internal sealed class FileStamp(StoreOwner? owner)
{
    /// <summary>
    /// The mtime and atime of everything in a tree, in seconds since the epoch. Not 0, which some tools take for unset.
    /// </summary>
    public const long Seconds = 1;

    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>0644 or 0755.</summary>
    public static UnixFileMode ModeOf(bool isExecutable) => isExecutable ? Executable : Plain;

    /// <summary>True if mode and mtime are those of a stored tree.</summary>
    public static bool IsSet(FileStat stat) =>
        stat.Modified == Seconds
        && stat.IsWholeSecond
        && (stat.Kind == FileKind.Link || stat.Mode == ModeOf(stat.Kind == FileKind.Folder || stat.IsExecutable));

    /// <summary>The extended attributes that no file of a tree may have.</summary>
    public static IEnumerable<string> ForeignAttributes(string path) =>
        Posix.ListAttributes(path).Where(x => !IsOfMachine(x));

    /// <summary>
    /// Sets the mode where it differs, so that the file can be read, and removes the extended attributes.
    /// </summary>
    /// <exception cref="EngineException">One cannot be removed.</exception>
    public static void Open(string path, FileStat stat)
    {
        var wanted = ModeOf(stat.Kind == FileKind.Folder || stat.IsExecutable);
        if (stat.Kind != FileKind.Link && stat.Mode != wanted)
            File.SetUnixFileMode(path, wanted);
        // After the mode: who may not write to a file may not remove them.
        foreach (var name in ForeignAttributes(path))
        {
            if (Posix.TryRemoveAttribute(path, name) is not 0 and var error)
                throw new EngineException(
                    $"The extended attribute '{name}' cannot be removed: {Posix.Failure("change", path, error).Message}"
                );
        }
    }

    /// <summary>Sets the owner and the times where they differ; nothing may touch the file afterwards.</summary>
    public void Close(string path, FileStat stat)
    {
        if (owner is not null && (stat.User != owner.First || stat.Group != owner.First))
            Posix.SetOwner(path, owner.First);
        if (stat.Modified != Seconds || !stat.IsWholeSecond)
            Posix.SetTimes(path, Seconds);
    }

    // The machine's own labels come with every file that is made, cannot be removed, and are nothing that a build could
    // set.
    private static bool IsOfMachine(string attribute) =>
        attribute is "security.selinux" or "system.nfs4_acl" or "security.ima" or "security.evm"
        || attribute.StartsWith("security.SMACK64", StringComparison.Ordinal);
}
