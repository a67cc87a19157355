using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Processes;
using Recipes.Engine.Sandboxes.Roots;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>
/// Runs actions on this machine with bubblewrap, as root and as a plain user alike: user, mount and process namespaces
/// by <c>unshare</c>, the trees mounted in them as overlays, and bubblewrap inside. <c>docs/sandbox.md</c> describes
/// what an action sees and which limits hold where.
/// </summary>
/// <param name="store">Holds the trees.</param>
internal sealed class BubblewrapSandbox(ContentStore store) : ISandbox
{
    private readonly Lazy<Task<SandboxProbe>> probe = new(() => SandboxProbe.RunAsync(store, CancellationToken.None));

    /// <inheritdoc/>
    public string Name => "bubblewrap";

    /// <summary>What to do instead of what the host offers; for tests of the slower ways.</summary>
    internal OverlaySupport? Overlay { get; init; }

    /// <summary>What this host offers; tried once.</summary>
    internal Task<SandboxProbe> ProbeAsync() => probe.Value;

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(SandboxRequest request, Stream log, CancellationToken cancellationToken)
    {
        var overlay = await RequireAsync(request);
        using var scratch = CreateScratch(request);
        var layout = new BubblewrapLayout(scratch.Path, request);
        var plan = layout.Plan(store);
        var mounts = new RootAssembly(store.Root, scratch.Path, overlay).Prepare(plan);
        var process = await ProcessAsync(scratch, request);
        var run = new BubblewrapRun(process, request, [.. Options(request), .. mounts]);
        var end = await run.ExecuteAsync(log, cancellationToken);

        if (end is { End: SandboxEnd.Exited, ExitStatus: 0 })
            return end with
            {
                Outputs = await Task.Run(() => layout.TakeOutputs(store, cancellationToken), cancellationToken),
            };
        if (request.KeptFolder is not null)
            return end with { Kept = request.KeptFolder };
        if (request.KeepOnFailure is not { } kept)
            return end;
        try
        {
            return end with
            {
                Kept = await new KeptFolders(process, kept).TakeAsync(plan, layout.Folders, cancellationToken),
            };
        }
        catch (Exception e) when (e is EngineException || StorageFault.IsOne(e))
        {
            return end with { KeepFault = StorageFault.Describe(e) };
        }
    }

    /// <summary>
    /// Runs an action with the caller's standard streams and terminal, in the same root and environment. There is no
    /// log, memory, processes and time are not limited, and what it leaves is not taken.
    /// </summary>
    /// <returns>The exit status of the program; 128 + n for signal n.</returns>
    /// <exception cref="EngineException">It could not be started.</exception>
    public async Task<int> AttachAsync(SandboxRequest request, CancellationToken cancellationToken)
    {
        var overlay = await RequireAsync(request);
        using var scratch = CreateScratch(request);
        var plan = new BubblewrapLayout(scratch.Path, request).Plan(store);
        var mounts = new RootAssembly(store.Root, scratch.Path, overlay).Prepare(plan);
        var run = new AttachedRun(await ProcessAsync(scratch, request), request.Label);
        return await run.ExecuteAsync([.. Options(request), .. mounts], request.Arguments, cancellationToken);
    }

    private async Task<SandboxProcess> ProcessAsync(ScratchDirectory scratch, SandboxRequest request) =>
        new(scratch.Path, store.Root, UserMapping.Single(store.Owner))
        {
            Launcher = (await probe.Value).Launcher,
            UserNamespaces = request.AllowsNamespaces ? null : SandboxProcess.NamespacesOf(request.User),
        };

    private async Task<OverlaySupport> RequireAsync(SandboxRequest request)
    {
        var host = await probe.Value;
        host.Require();
        foreach (var tree in request.Root.Concat(request.Mounts.Select(x => x.Tree)))
            store.RequireSound(tree);
        return Overlay ?? host.Overlay;
    }

    private ScratchDirectory CreateScratch(SandboxRequest request)
    {
        var scratch = store.CreateScratch(request.Label);
        // A build may leave setuid programs in it, which are nobody else's to run.
        File.SetUnixFileMode(scratch.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return scratch;
    }

    private static IEnumerable<string> Options(SandboxRequest request) =>
        [
            "--unshare-all",
            "--die-with-parent",
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
            // Whoever is to be user 0 in a namespace of its own has to have it (user_namespaces(7)).
            .. request.AllowsNamespaces ? ["--cap-add", "CAP_SETFCAP"] : Array.Empty<string>(),
            "--clearenv",
            .. request.Environment.SelectMany(x => new[] { "--setenv", x.Key, x.Value }),
            "--setenv",
            "JOBS",
            request.Jobs.ToString(CultureInfo.InvariantCulture),
            "--chdir",
            request.WorkingDirectory,
        ];
}
