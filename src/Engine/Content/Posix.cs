using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Recipes.Engine.Content;

/// <summary>What a path is, by the file type bits of <c>st_mode</c>.</summary>
internal enum FileKind
{
    Other,
    File,
    Folder,
    Link,
}

/// <summary>The parts of <c>struct statx</c> that the store looks at.</summary>
/// <param name="Kind">The type; a link is not followed.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky.</param>
/// <param name="Size">In bytes.</param>
/// <param name="AllocatedBytes">Bytes taken on disk.</param>
/// <param name="Modified">Seconds since the epoch.</param>
/// <param name="IsWholeSecond">True if the mtime has no fraction.</param>
/// <param name="Inode">With <paramref name="Device"/>, names the file itself.</param>
/// <param name="Device">The file system.</param>
/// <param name="Links">How many names the file has.</param>
/// <param name="User">The owner.</param>
/// <param name="Group">The owning group.</param>
/// <param name="Changed">
/// The time of the last change of the content or of the metadata, in nanoseconds since the epoch.
/// </param>
internal readonly record struct FileStat(
    FileKind Kind,
    UnixFileMode Mode,
    long Size,
    long AllocatedBytes,
    long Modified,
    bool IsWholeSecond,
    ulong Inode,
    ulong Device,
    uint Links,
    uint User,
    uint Group,
    long Changed
)
{
    public bool IsExecutable => (Mode & UnixFileMode.UserExecute) != 0;
}

/// <summary>
/// The few system calls that .NET has no method for: links' own times, hard links, file types, renaming a directory
/// without looking first, locks that change their strength, opening without following links, extended attributes.
/// </summary>
internal static partial class Posix
{
    private const string Library = "libc";
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int InputOutput = 5;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int FileTooLarge = 27;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int NameTooLong = 36;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int NotSupported = 95;
    public const int QuotaExceeded = 122;

    /// <summary>Looks at a path without following it; null if nothing is there.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static unsafe FileStat? Stat(string path)
    {
        StatxBuffer buffer;
        if (Statx(CurrentDirectory, path, NoFollow, BasicStats, &buffer) == 0)
            return buffer.ToFileStat();
        var error = Marshal.GetLastPInvokeError();
        return error is NoEntry or NotDirectory ? null : throw Failure("look at", path, error);
    }

    /// <summary>Looks at an open file.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static unsafe FileStat Stat(SafeFileHandle file)
    {
        StatxBuffer buffer;
        return Statx((int)file.DangerousGetHandle(), "", EmptyPath, BasicStats, &buffer) == 0
            ? buffer.ToFileStat()
            : throw Failure("look at", "an open file", Marshal.GetLastPInvokeError());
    }

    /// <summary>Sets access and modification time of a file, folder or link itself.</summary>
    public static unsafe void SetTimes(string path, long seconds)
    {
        var times = stackalloc long[4] { seconds, 0, seconds, 0 };
        if (UtimensAt(CurrentDirectory, path, times, NoFollow) != 0)
            throw Failure("set the time of", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>The user that a file, or what a link leads to, belongs to.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public static unsafe uint OwnerOf(string path)
    {
        StatxBuffer buffer;
        return Statx(CurrentDirectory, path, 0, BasicStats, &buffer) == 0
            ? buffer.User
            : throw Failure("look at", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Gives a file, folder or link itself to a user, and the group of the same number.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void SetOwner(string path, uint owner)
    {
        if (LinkChown(path, owner, owner) != 0)
            throw Failure("change the owner of", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Makes a hard link; false if the kernel refuses, for any reason.</summary>
    public static bool TryLink(string existing, string created) => Link(existing, created) == 0;

    /// <summary>Renames; 0, or the error number.</summary>
    public static int TryRename(string from, string to) => Rename(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Renames a file over whatever file has the new name.</summary>
    public static void RenameFile(string from, string to)
    {
        var error = TryRename(from, to);
        if (error != 0)
            throw Failure("rename to", to, error);
    }

    /// <summary>The bytes of a link's target.</summary>
    public static unsafe byte[] ReadLink(string path)
    {
        const int longest = 4096;
        var buffer = stackalloc byte[longest];
        var length = ReadLink(path, buffer, longest);
        return length < 0
            ? throw Failure("read the link", path, Marshal.GetLastPInvokeError())
            : new Span<byte>(buffer, (int)length).ToArray();
    }

    /// <summary>
    /// Takes or changes the lock of an open file; false if another process holds it and we were not to wait.
    /// </summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryLock(SafeFileHandle file, bool exclusive, bool wait)
    {
        while (true)
        {
            if (Flock(file, (exclusive ? 2 : 1) | (wait ? 0 : 4)) == 0)
                return true;
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
                return false;
            if (error != Interrupted)
                throw Failure("lock", "an open file", error);
        }
    }

    /// <summary>
    /// The failure of a system call; its <see cref="Exception.HResult"/> is the error number, as with those of .NET.
    /// </summary>
    public static IOException Failure(string verb, string path, int error) =>
        new($"Cannot {verb} '{path}': {Marshal.GetPInvokeErrorMessage(error)}", error);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, StatxBuffer* buffer);

    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int UtimensAt(int directory, string path, long* times, int flags);

    [LibraryImport(Library, EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinkChown(string path, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string created);

    [LibraryImport(Library, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(string from, string to);

    [LibraryImport(Library, EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint ReadLink(string path, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flock(SafeFileHandle file, int operation);

    // statx has the same layout on every architecture, which struct stat has not.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(48)]
        public ulong Blocks;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(104)]
        public uint ChangedNanoseconds;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        public readonly FileStat ToFileStat() =>
            new(
                (Mode & 0xf000) switch
                {
                    0x8000 => FileKind.File,
                    0x4000 => FileKind.Folder,
                    0xa000 => FileKind.Link,
                    _ => FileKind.Other,
                },
                (UnixFileMode)(Mode & 0xfff),
                (long)Size,
                (long)Blocks * 512,
                ModifiedSeconds,
                ModifiedNanoseconds == 0,
                Inode,
                ((ulong)DeviceMajor << 32) | DeviceMinor,
                Links,
                User,
                Group,
                (ChangedSeconds * 1_000_000_000) + ChangedNanoseconds
            );
    }
}
