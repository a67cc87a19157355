using System.Runtime.InteropServices;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>
/// Starts host programs without what a child inherits beyond its arguments: open descriptors and the session keyring.
/// </summary>
internal static partial class CleanStart
{
    // Numbers on x86-64; older C libraries have no functions for them.
    private const nint CloseRange = 436;
    private const nint FirstAfterStreams = 3;
    private const int CloseOnExec = 4;
    private const nint KeyControl = 250;
    private const int JoinSessionKeyring = 1;

    /// <summary>
    /// Runs what starts a process, on a thread of its own: a keyring belongs to a thread, and a child gets its
    /// parent's.
    /// </summary>
    /// <param name="start">Returns when the process was started.</param>
    public static async Task<T> RunAsync<T>(Func<T> start) =>
        await Task.Factory.StartNew(
            () =>
            {
                // .NET closes its own descriptors in children; those that this process was started with would go on to
                // them. Kernels without it (before 5.11) and without keys refuse: what then comes in, the sandbox
                // denies as well.
                _ = SystemCall(CloseRange, FirstAfterStreams, int.MaxValue, CloseOnExec, 0, 0);
                _ = SystemCall(KeyControl, JoinSessionKeyring, 0, 0, 0, 0);
                return start();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e);
}
