using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Terminal;

/// <summary>A pair of a terminal's two ends, of which a sandbox gets one.</summary>
/// <remarks>See pty(7) and ioctl_tty(2).</remarks>
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControlling = 0x100;
    private const int CloseOnExec = 0x80000;
    private const nuint GetWindowSize = 0x5413;
    private const nuint SetWindowSize = 0x5414;
    private const nuint GetForegroundGroup = 0x540f;
    private const int PathLength = 128;

    private readonly SafeFileHandle master = OpenMaster(ReadWrite | NoControlling | CloseOnExec);

    /// <summary>Makes one, as large as this process's terminal.</summary>
    /// <param name="owner">The user to give it to; null for the caller.</param>
    /// <exception cref="EngineException">The machine has none to give.</exception>
    public unsafe PseudoTerminal(uint? owner)
    {
        var path = stackalloc byte[PathLength];
        if (master.IsInvalid || Grant(master) != 0 || Unlock(master) != 0 || PathOf(master, path, PathLength) != 0)
            throw new EngineException($"No pseudo-terminal can be made: {Marshal.GetLastPInvokeErrorMessage()}");
        Path = Marshal.PtrToStringUTF8((nint)path)!;
        if (owner is { } user)
            Posix.SetOwner(Path, user);
        Stream = new(master, FileAccess.ReadWrite, 0);
        CopySize();
    }

    /// <summary>The end that a sandbox opens.</summary>
    public string Path { get; }

    /// <summary>
    /// What is typed into it, and what it shows. Reading fails with an <see cref="IOException"/> once nobody has the
    /// other end open.
    /// </summary>
    public FileStream Stream { get; }

    /// <summary>Makes it as large as this process's terminal.</summary>
    public unsafe void CopySize()
    {
        var size = stackalloc ushort[4];
        if (Control(0, GetWindowSize, size) == 0)
            _ = Control((int)master.DangerousGetHandle(), SetWindowSize, size);
    }

    /// <summary>The process group that its keys send signals to; 0 for none.</summary>
    public unsafe int ForegroundGroup
    {
        get
        {
            int group;
            return Control((int)master.DangerousGetHandle(), GetForegroundGroup, &group) == 0 ? group : 0;
        }
    }

    /// <summary>The modes that a program inside has set.</summary>
    public TerminalModes? Modes => TerminalModes.Read((int)master.DangerousGetHandle());

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        master.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int PathOf(SafeFileHandle master, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Control(int descriptor, nuint request, void* argument);
}
