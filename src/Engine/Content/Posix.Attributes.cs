using System.Runtime.InteropServices;
using System.Text;

namespace Recipes.Engine.Content;

internal static partial class Posix
{
    private const int MaxList = 1 << 16;
    private const int NoAttribute = 61;

    /// <summary>
    /// The names of the extended attributes of a file, folder or link itself, access control lists among them.
    /// </summary>
    /// <exception cref="IOException">They cannot be listed.</exception>
    public static unsafe string[] ListAttributes(string path)
    {
        // Nearly nothing has any, and the kernel lists no more than this.
        const int usual = 256;
        var buffer = stackalloc byte[usual];
        var length = ListXattr(path, buffer, usual);
        if (length == 0)
            return [];
        if (length > 0)
            return Split(new(buffer, (int)length));
        var error = Marshal.GetLastPInvokeError();
        if (error == NotSupported)
            return [];
        var whole = new byte[MaxList];
        fixed (byte* start = whole)
            length = ListXattr(path, start, MaxList);
        return length >= 0
            ? Split(whole.AsSpan(0, (int)length))
            : throw Failure("list the extended attributes of", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Removes an extended attribute; 0, or the error number.</summary>
    public static int TryRemoveAttribute(string path, string name)
    {
        if (RemoveXattr(path, name) == 0)
            return 0;
        var error = Marshal.GetLastPInvokeError();
        return error == NoAttribute ? 0 : error;
    }

    /// <summary>The user that this process acts as.</summary>
    public static uint EffectiveUser => GetEffectiveUser();

    /// <summary>The names in a folder, in no order, as bytes: not every name is UTF-8.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static unsafe List<byte[]> ReadFolder(string path)
    {
        // struct dirent of 64-bit Linux: inode, offset, record length, type, name.
        const int nameOffset = 19;
        var folder = OpenDir(path);
        if (folder == 0)
            throw Failure("read the folder", path, Marshal.GetLastPInvokeError());
        try
        {
            var names = new List<byte[]>();
            while (true)
            {
                var entry = ReadDir(folder);
                if (entry == null)
                {
                    var error = Marshal.GetLastPInvokeError();
                    return error == 0 ? names : throw Failure("read the folder", path, error);
                }
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + nameOffset);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    names.Add(name.ToArray());
            }
        }
        finally
        {
            _ = CloseDir(folder);
        }
    }

    private static string[] Split(ReadOnlySpan<byte> names) =>
        Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    [LibraryImport(Library, EntryPoint = "llistxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint ListXattr(string path, byte* buffer, nint size);

    [LibraryImport(
        Library,
        EntryPoint = "lremovexattr",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RemoveXattr(string path, string name);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUser();

    [LibraryImport(Library, EntryPoint = "opendir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint OpenDir(string path);

    [LibraryImport(Library, EntryPoint = "readdir", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial byte* ReadDir(nint folder);

    [LibraryImport(Library, EntryPoint = "closedir", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDir(nint folder);
}
