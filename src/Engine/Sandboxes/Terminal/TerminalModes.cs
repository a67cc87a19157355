using System.Runtime.InteropServices;

namespace Recipes.Engine.Sandboxes.Terminal;

/// <summary>The settings of a terminal: <c>struct termios</c> of Linux on x86-64, kept as it is.</summary>
/// <remarks>See termios(3). The structure has 60 bytes with glibc and musl alike.</remarks>
internal sealed partial class TerminalModes
{
    private const int Length = 64;
    private const int LocalFlags = 12;
    private const int Characters = 17;
    private const byte SignalKeys = 1;
    private const int Interrupt = 0;
    private const int Quit = 1;
    private const int Suspend = 10;

    private readonly byte[] bytes = new byte[Length];

    /// <summary>The settings of an open terminal; null if it is none.</summary>
    public static TerminalModes? Read(int descriptor)
    {
        var modes = new TerminalModes();
        return Get(descriptor, modes.bytes) == 0 ? modes : null;
    }

    /// <summary>Settings under which every key comes as it is typed, and none is shown or sends a signal.</summary>
    public TerminalModes Raw()
    {
        var raw = new TerminalModes();
        bytes.CopyTo(raw.bytes, 0);
        MakeRaw(raw.bytes);
        return raw;
    }

    /// <summary>Gives an open terminal these settings, once what was written to it is out.</summary>
    public void Apply(int descriptor) => _ = Set(descriptor, 1, bytes);

    /// <summary>The signal that a key sends, if keys send signals: SIGINT, SIGQUIT or SIGTSTP.</summary>
    public PosixSignal? SignalOf(byte key) =>
        (bytes[LocalFlags] & SignalKeys) == 0 || key == 0 ? null
        : key == bytes[Characters + Interrupt] ? PosixSignal.SIGINT
        : key == bytes[Characters + Quit] ? PosixSignal.SIGQUIT
        : key == bytes[Characters + Suspend] ? PosixSignal.SIGTSTP
        : null;

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Get(int descriptor, [Out] byte[] modes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(int descriptor, int when, byte[] modes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void MakeRaw([In, Out] byte[] modes);
}
