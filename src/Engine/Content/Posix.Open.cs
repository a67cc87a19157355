using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Recipes.Engine.Content;

internal static partial class Posix
{
    private const int OpenReadWrite = 0x2;
    private const int OpenCreate = 0x40;
    private const int OpenNonBlocking = 0x800;
    private const int OpenCloseOnExec = 0x80000;

    // These two differ between architectures.
    private static int OpenDirectory => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    private static int OpenNoFollow => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Opens a lock file, and makes it where it is missing and we may write.</summary>
    /// <returns>The file and 0, or null and the error number.</returns>
    public static (SafeFileHandle? File, int Error) TryOpenLock(string path, bool write)
    {
        const uint mode = 0x1a4;
        return TryOpen(CurrentDirectory, path, (write ? OpenReadWrite | OpenCreate : 0) | OpenNoFollow, mode);
    }

    /// <summary>
    /// Opens a regular file for reading; the last part of its path is not followed, and a fifo is not waited for.
    /// </summary>
    /// <exception cref="IOException">It cannot be opened, or is something else.</exception>
    public static SafeFileHandle OpenFile(string path) => RegularFile(CurrentDirectory, path, path);

    /// <summary>
    /// Opens a regular file below a folder for reading. No part of the relative path is followed if it is a link, so
    /// that nothing outside of the folder is read, whoever made the names in it.
    /// </summary>
    /// <param name="folder">Ours, and followed as it is.</param>
    /// <param name="relative">With <c>/</c> between the parts.</param>
    /// <exception cref="IOException">
    /// It cannot be opened, a part of it is a link, or it is not a regular file.
    /// </exception>
    public static SafeFileHandle OpenBeneath(string folder, string relative)
    {
        var shown = Path.Join(folder, relative);
        var parts = relative.Split('/');
        if (parts.Any(x => x is "" or "." or ".."))
            throw new IOException($"Cannot open '{shown}': '{relative}' does not lie below '{folder}'.");
        var at = Require(TryOpen(CurrentDirectory, folder, OpenDirectory, 0), folder);
        try
        {
            foreach (var part in parts.AsSpan(0, parts.Length - 1))
            {
                var next = Require(TryOpen((int)at.DangerousGetHandle(), part, OpenDirectory | OpenNoFollow, 0), shown);
                at.Dispose();
                at = next;
            }
            return RegularFile((int)at.DangerousGetHandle(), parts[^1], shown);
        }
        finally
        {
            at.Dispose();
        }
    }

    /// <summary>Writes the content of a file, or the entries of a folder, to the disk.</summary>
    /// <exception cref="IOException">That failed; what was written may be lost.</exception>
    public static void Sync(string path)
    {
        using var file = Require(TryOpen(CurrentDirectory, path, OpenNonBlocking, 0), path);
        if (Fsync(file) != 0)
            throw Failure("write to the disk", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Writes everything of the file system that a path is on to the disk.</summary>
    /// <exception cref="IOException">That failed; what was written may be lost.</exception>
    public static void SyncFileSystem(string path)
    {
        using var file = Require(TryOpen(CurrentDirectory, path, OpenNonBlocking, 0), path);
        if (SyncFs(file) != 0)
            throw Failure("write to the disk the file system of", path, Marshal.GetLastPInvokeError());
    }

    private static SafeFileHandle RegularFile(int directory, string path, string shown)
    {
        var file = Require(TryOpen(directory, path, OpenNoFollow | OpenNonBlocking, 0), shown);
        if (Stat(file).Kind == FileKind.File)
            return file;
        file.Dispose();
        throw new IOException($"Cannot open '{shown}': it is not a regular file.");
    }

    private static SafeFileHandle Require((SafeFileHandle? File, int Error) opened, string path) =>
        opened.File
        ?? throw (
            opened.Error is NoEntry ? new FileNotFoundException($"'{path}' does not exist.", path)
            : opened.Error is TooManyLinks
                ? new IOException($"Cannot open '{path}': a part of it is a link.", TooManyLinks)
            : Failure("open", path, opened.Error)
        );

    private static (SafeFileHandle? File, int Error) TryOpen(int directory, string path, int flags, uint mode)
    {
        while (true)
        {
            var descriptor = OpenAt(directory, path, flags | OpenCloseOnExec, mode);
            if (descriptor >= 0)
                return (new(descriptor, ownsHandle: true), 0);
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                return (null, error);
        }
    }

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenAt(int directory, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFs(SafeFileHandle file);
}
