using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CliWrap;
using Recipes.Engine.Sandboxes.Processes;
using Recipes.Engine.Sandboxes.Terminal;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>
/// A sandbox for a person: with the caller's standard streams, from its first process to its last. A caller's terminal
/// stays outside: what runs inside has one of its own, or pipes, so that nothing inside can type into the caller's
/// shell.
/// </summary>
/// <param name="sandbox">The chain of host programs.</param>
/// <param name="label">What runs, for messages.</param>
internal sealed class AttachedRun(SandboxProcess sandbox, string label)
{
    private const int Killed = 128 + 9;

    /// <summary>Runs it to its end. SIGINT, SIGTERM, SIGHUP and SIGQUIT are passed on to it.</summary>
    /// <param name="options">Of bubblewrap.</param>
    /// <param name="program">To run inside, with its arguments.</param>
    /// <param name="cancellationToken">Ends all of its processes.</param>
    /// <returns>The exit status of the program; 128 + n for signal n.</returns>
    /// <exception cref="EngineException">It could not be started.</exception>
    public async Task<int> ExecuteAsync(
        IEnumerable<string> options,
        ImmutableArray<string> program,
        CancellationToken cancellationToken
    )
    {
        using var lifeline = new Lifeline(sandbox.Scratch);
        using var onCancel = cancellationToken.Register(lifeline.Dispose);
        var signals = new PayloadSignals(sandbox, lifeline.Dispose);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signals.Pass);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signals.Pass);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signals.Pass);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signals.Pass);
        using var terminal =
            Console.IsInputRedirected || Console.IsOutputRedirected
                ? null
                : new PseudoTerminal(sandbox.Users.Owner?.First);
        using var streams = new CallerStreams();
        using var relay = terminal is null ? null : new TerminalRelay(terminal, streams, signals);

        var process = sandbox with { Terminal = terminal?.Path ?? "pipes" };
        var command = Cli.Wrap(SandboxProcess.Shell)
            .WithArguments(process.Prepare(options, program))
            .WithEnvironmentVariables(HostPrograms.CleanEnvironment())
            .WithStandardErrorPipe(PipeTarget.ToStream(streams.Error))
            .WithValidation(CommandResultValidation.None);
        if (terminal is null)
            command = command
                .WithStandardInputPipe(PipeSource.FromStream(streams.Input))
                .WithStandardOutputPipe(PipeTarget.ToStream(streams.Output));
        var result = await (await CleanStart.RunAsync(() => command.ExecuteAsync(CancellationToken.None)));
        relay?.Finish();

        cancellationToken.ThrowIfCancellationRequested();
        return process.ReadExitStatus()
            ?? (
                signals.HasEnded ? Killed
                : result.ExitCode > 128 ? result.ExitCode
                : throw new EngineException(
                    $"'{program[0]}' could not be started in {label}; the message above says why."
                )
            );
    }
}
