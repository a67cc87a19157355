using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using CliWrap;
using Recipes.Engine.Sandboxes.Processes;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>One action from its first process to its last.</summary>
/// <param name="sandbox">The chain of host programs.</param>
/// <param name="request">What to run.</param>
/// <param name="options">Of bubblewrap.</param>
internal sealed class BubblewrapRun(SandboxProcess sandbox, SandboxRequest request, ImmutableArray<string> options)
{
    private const int Killed = 128 + 9;
    private const int NotFound = 127;

    /// <summary>Runs it; when this returns or throws, none of its processes is left.</summary>
    public async Task<SandboxResult> ExecuteAsync(Stream log, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var group = ControlGroup.Create(
            Path.GetFileName(sandbox.Scratch),
            request.MemoryBytes,
            request.Processes
        );
        await File.WriteAllLinesAsync(Path.Join(sandbox.Scratch, "groups"), group.Folders, CancellationToken.None);
        // What control groups cannot hold is held for each process by itself.
        var launcher = sandbox.Launcher with
        {
            MemoryBytes = group.LimitsMemory ? null : request.MemoryBytes,
            Processes = group.LimitsProcesses ? null : request.Processes,
        };
        var process = sandbox with { Launcher = launcher };
        var arguments = process.Prepare(options, request.Arguments);

        using var lifeline = new Lifeline(sandbox.Scratch);
        using var timer = request.Timeout is { } limit ? new CancellationTokenSource(limit) : new();
        using var onTimeout = timer.Token.Register(lifeline.Dispose);
        using var onCancel = cancellationToken.Register(lifeline.Dispose);
        var pump = new LogPump(log, lifeline.Dispose);
        var complaint = new StringBuilder();
        var clock = Stopwatch.StartNew();
        var command = Cli.Wrap(SandboxProcess.Shell)
            .WithArguments(arguments)
            .WithEnvironmentVariables(HostPrograms.CleanEnvironment())
            .WithStandardOutputPipe(PipeTarget.Create(pump.RunAsync))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(complaint))
            .WithValidation(CommandResultValidation.None);
        var result = await (await CleanStart.RunAsync(() => command.ExecuteAsync(CancellationToken.None)));
        clock.Stop();

        cancellationToken.ThrowIfCancellationRequested();
        if (pump.Failure is { } failure)
            throw new EngineException($"The log of {request.Label} cannot be written: {failure.Message}", failure);
        var status = process.ReadExitStatus();
        var killed = status is null;
        var end =
            timer.IsCancellationRequested ? SandboxEnd.TimedOut
            : status != 0 && group.RanOutOfMemory ? SandboxEnd.OutOfMemory
            : SandboxEnd.Exited;
        if (end == SandboxEnd.Exited && status is null)
            status = StatusWithoutReport(result.ExitCode, pump.Head, complaint.ToString().Trim());
        return new(
            end,
            status ?? Killed,
            ImmutableSortedDictionary.Create<string, Content.Digest>(StringComparer.Ordinal),
            clock.Elapsed,
            // The times of what was killed are known to nobody.
            killed ? null : process.ReadCpuTime(),
            null
        );
    }

    // Bubblewrap reports no status where it could not start the command, or was killed itself.
    private int StatusWithoutReport(int shellStatus, string output, string complaint)
    {
        if (output.StartsWith("bwrap: execvp ", StringComparison.Ordinal))
            return NotFound;
        if (shellStatus == Killed)
            return Killed;
        var message = string.Join('\n', new[] { complaint, output }.Where(x => x.Length > 0));
        throw new EngineException(
            $"The sandbox of {request.Label} could not start (status {shellStatus}): {message}\n"
                + $"To find out why, {new Remedy(RemedyKind.CheckHost)}."
        );
    }
}
