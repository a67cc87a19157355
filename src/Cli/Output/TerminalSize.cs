using System.Runtime.InteropServices;

namespace Recipes.Cli.Output;

/// <summary>How large a terminal is.</summary>
/// <param name="Columns">Cells in a row.</param>
/// <param name="Rows">Rows of the screen.</param>
internal readonly partial record struct TerminalSize(int Columns, int Rows)
{
    private const int StandardError = 2;

    /// <summary>What a terminal is taken for that does not tell, such as one on a serial line.</summary>
    public static TerminalSize Default { get; } = new(80, 24);

    /// <summary>
    /// The size of the terminal that is the error stream, as it is now. Of <see cref="Console.WindowWidth"/> the
    /// standard output would have to be a terminal too.
    /// </summary>
    public static TerminalSize OfStandardError() =>
        Control(StandardError, GetWindowSize, out var window) == 0 && window is { Columns: > 0, Rows: > 0 }
            ? new(window.Columns, window.Rows)
            : Default;

    // TIOCGWINSZ and struct winsize, ioctl_tty(2).
    private const nuint GetWindowSize = 0x5413;

    [LibraryImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, nuint request, out WindowSize window);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct WindowSize(ushort Rows, ushort Columns, ushort Width, ushort Height);
}
