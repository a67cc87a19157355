namespace Recipes.Engine.Content;

/// <summary>The metadata that every file of a stored tree has: one of two modes, and one mtime.</summary>
internal static class FileStamp
{
    /// <summary>The mtime and atime of everything in a tree, in seconds since the epoch. Not 0, which some tools take for unset.</summary>
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

    /// <summary>Sets the mode where it differs, so that the file can be read.</summary>
    public static void SetMode(string path, FileStat stat)
    {
        var wanted = ModeOf(stat.Kind == FileKind.Folder || stat.IsExecutable);
        if (stat.Kind != FileKind.Link && stat.Mode != wanted)
            File.SetUnixFileMode(path, wanted);
    }

    /// <summary>Sets the times where the mtime differs.</summary>
    public static void SetTime(string path, FileStat stat)
    {
        if (stat.Modified != Seconds || !stat.IsWholeSecond)
            Posix.SetTimes(path, Seconds);
    }
}
