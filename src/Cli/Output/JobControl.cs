using System.Runtime.InteropServices;

namespace Recipes.Cli.Output;

/// <summary>
/// Ctrl-Z and <c>fg</c>: takes the frame away before the process stops, and lets it come back afterwards.
/// </summary>
internal sealed partial class JobControl : IDisposable
{
    private const int StopSignal = 19; // SIGSTOP, signal(7)

    private readonly PosixSignalRegistration stop;
    private readonly PosixSignalRegistration resumption;

    /// <summary>Listens until disposal.</summary>
    public JobControl(Terminal terminal)
    {
        stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            // Where a handler is registered, the runtime does not stop the process.
            context.Cancel = true;
            terminal.Suspend();
            _ = Kill(Environment.ProcessId, StopSignal);
        });
        resumption = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => terminal.Resume());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Dispose();
        resumption.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
