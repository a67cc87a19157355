using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Ports;
using Recipes.Engine.Sandboxes.Processes;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>
/// Runs an image's root with bubblewrap: with the caller's standard streams and terminal, the image's user, and a layer
/// for what it writes that is thrown away at the end. <c>docs/sandbox.md</c> says which owners hold where.
/// </summary>
/// <param name="store">Holds the trees.</param>
internal sealed class ImageRunner(ContentStore store)
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
        var forwarder = request.Forwards.IsEmpty ? null : new PortForwarder(request.Forwards);
        forwarder?.Require();
        var users = Users ?? await UserMapping.FindAsync(store.Owner, request.Uid, cancellationToken);
        using var scratch = store.CreateScratch(request.Label);
        try
        {
            var layout = new ImageLayout(scratch.Path, request, users);
            var options = layout.Prepare(store, host.Overlay);
            var process = new SandboxProcess(scratch.Path, store.Root, users)
            {
                Launcher = host.Launcher with { User = layout.User },
                UserNamespaces = layout.UserNamespaces,
            };
            return await new AttachedRun(process, request.Label).ExecuteAsync(
                options,
                request.Arguments,
                cancellationToken
            );
        }
        catch (EngineException) when (forwarder?.FailureIn(scratch.Path) is { } failure)
        {
            throw failure;
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
}
