using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Recipes.Engine.Sandboxes;

/// <summary>A sandbox with the caller's standard streams and terminal, from its first process to its last.</summary>
/// <param name="sandbox">The chain of host programs.</param>
/// <param name="label">What runs, for messages.</param>
/// <param name="program">The program inside, for messages.</param>
internal sealed class AttachedRun(SandboxProcess sandbox, string label, string program)
{
    /// <summary>Runs it to its end. SIGINT, SIGTERM, SIGHUP and SIGQUIT are passed on to it.</summary>
    /// <param name="arguments">Of the shell that runs the sandbox.</param>
    /// <param name="cancellationToken">Ends all of its processes.</param>
    /// <returns>The exit status of the program; 128 + n for signal n.</returns>
    /// <exception cref="EngineException">It could not be started.</exception>
    public async Task<int> ExecuteAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(SandboxProcess.Shell, arguments);
        foreach (var (name, value) in HostPrograms.CleanEnvironment())
            start.Environment[name] = value;

        using var lifeline = new Lifeline(sandbox.Scratch);
        using var onCancel = cancellationToken.Register(lifeline.Dispose);
        var signals = new PayloadSignals(sandbox.Scratch, lifeline.Dispose);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signals.Pass);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signals.Pass);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signals.Pass);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signals.Pass);
        // Only standard streams that are not redirected are the caller's own, so this one is not CliWrap's.
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(CancellationToken.None);

        cancellationToken.ThrowIfCancellationRequested();
        return sandbox.ReadExitStatus()
            ?? (signals.HasEnded || process.ExitCode > 128 ? process.ExitCode
                : throw new EngineException($"'{program}' could not be started in {label}; the message above says why."));
    }
}
