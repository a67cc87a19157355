using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes;

/// <summary>
/// Runs actions on this machine with bubblewrap, as root and as a plain user alike: user, mount and process namespaces by
/// <c>unshare</c>, the trees mounted in them as overlays, and bubblewrap inside. <c>docs/sandbox.md</c> describes what an
/// action sees and which limits hold where.
/// </summary>
/// <param name="store">Holds the trees.</param>
public sealed class Bubblewrap(ContentStore store) : ISandbox
{
    private readonly Lazy<Task<SandboxProbe>> probe = new(() => SandboxProbe.RunAsync(store, CancellationToken.None));

    /// <inheritdoc/>
    public string Name => "bubblewrap";

    /// <summary>What to do instead of what the host offers; for tests of the slower ways.</summary>
    internal OverlaySupport? Overlay { get; init; }

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(SandboxRequest request, Stream log, CancellationToken cancellationToken)
    {
        var host = await probe.Value;
        host.Require();
        foreach (var tree in request.Root.Concat(request.Mounts.Select(x => x.Tree)).Where(x => !store.HasTree(x)))
            throw new EngineException($"The tree {tree} is not in the store '{store.Root}'. Run the command again to make it anew.");

        using var scratch = store.CreateScratch(request.Label);
        // Whatever the caller's umask is, the sandbox sees the same modes.
        File.SetUnixFileMode(scratch.Path, FileStamp.ModeOf(isExecutable: true));
        var layout = new BubblewrapLayout(scratch.Path, request);
        var plan = layout.Plan(store);
        var mounts = new RootAssembly(scratch.Path, Overlay ?? host.Overlay).Prepare(plan);
        var run = new BubblewrapRun(scratch.Path, request, [.. Options(request), .. mounts]);
        var end = await run.ExecuteAsync(log, cancellationToken);

        if (end is { End: SandboxEnd.Exited, ExitStatus: 0 })
            return end with { Outputs = await Task.Run(() => layout.TakeOutputs(store), cancellationToken) };
        return request.KeepOnFailure is { } kept
            ? end with { Kept = await layout.KeepAsync(plan, kept, cancellationToken) }
            : end;
    }

    private static IEnumerable<string> Options(SandboxRequest request) =>
        [
            "--unshare-all",
            "--die-with-parent",
            "--new-session",
            // Bubblewrap's own first process would end unseen, and the times of all others with it.
            "--as-pid-1",
            "--hostname",
            "recipes",
            "--uid",
            request.User.ToString(CultureInfo.InvariantCulture),
            "--gid",
            request.User.ToString(CultureInfo.InvariantCulture),
            "--cap-drop",
            "ALL",
            .. request.User == 0 ? SandboxProcess.Capabilities.SelectMany(x => new[] { "--cap-add", x }) : [],
            "--clearenv",
            .. request.Environment.SelectMany(x => new[] { "--setenv", x.Key, x.Value }),
            "--setenv",
            "JOBS",
            request.Jobs.ToString(CultureInfo.InvariantCulture),
            "--chdir",
            request.WorkingDirectory,
        ];
}
