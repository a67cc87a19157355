using System.Diagnostics;
using System.Runtime.InteropServices;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes;

/// <summary>
/// Runs an image's root with bubblewrap: with the caller's standard streams and terminal, the image's user, and a layer for
/// what it writes that is thrown away at the end. <c>docs/sandbox.md</c> says which owners hold where.
/// </summary>
/// <param name="store">Holds the trees.</param>
public sealed class ImageRunner(ContentStore store)
{
    /// <summary>What to do instead of what the host offers; for tests of the other ways.</summary>
    internal UserMapping? Users { get; init; }

    /// <summary>
    /// Runs it to its end; then none of its processes is left. SIGINT, SIGTERM, SIGHUP and SIGQUIT are passed on to it.
    /// </summary>
    /// <returns>The exit status of the program; 128 + n for signal n.</returns>
    /// <exception cref="EngineException">It could not be started.</exception>
    public async Task<int> RunAsync(ImageRunRequest request, CancellationToken cancellationToken)
    {
        var host = await SandboxProbe.RunAsync(store, cancellationToken);
        host.Require();
        var users = Users ?? await UserMapping.FindAsync(request.Uid, cancellationToken);
        using var scratch = store.CreateScratch(request.Label);
        try
        {
            var layout = new ImageLayout(scratch.Path, request, users);
            var options = layout.Prepare(store, host.Overlay);
            var process = new SandboxProcess(scratch.Path)
            {
                Namespaces = users.Namespaces,
                Launcher = layout.Launcher,
                IsDetached = false,
            };
            return await RunAsync(process, process.Prepare(options, request.Arguments), request, cancellationToken);
        }
        finally
        {
            if (users.LeavesForeignFiles)
                await HostPrograms.RunAsync(
                    "unshare",
                    [.. users.Namespaces.Split(' '), "rm", "-rf", "--", Path.Join(scratch.Path, "mounts")],
                    CancellationToken.None
                );
        }
    }

    private static async Task<int> RunAsync(
        SandboxProcess sandbox,
        IEnumerable<string> arguments,
        ImageRunRequest request,
        CancellationToken cancellationToken
    )
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
                : throw new EngineException($"'{request.Arguments[0]}' could not be started in {request.Label}; the message above says why."));
    }
}
