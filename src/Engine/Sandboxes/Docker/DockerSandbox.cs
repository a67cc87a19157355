using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>
/// Runs actions in containers of a Docker daemon, on this machine or another. Everything goes there and comes back in
/// archives. <c>docs/sandbox.md</c> describes what an action sees, and what is left at the daemon.
/// </summary>
/// <param name="store">Holds the trees.</param>
/// <param name="endpoint">Where the daemon listens.</param>
internal sealed class DockerSandbox(ContentStore store, DockerEndpoint endpoint) : ISandbox, IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly TreeArchive archive = new(store);
    private readonly ConcurrentQueue<DockerRun> leftovers = new();
    private DockerConnection? connection;
    private DockerImages? images;
    private bool seesFifos = true;
    private int running;

    /// <inheritdoc/>
    public string Name => "docker";

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(SandboxRequest request, Stream log, CancellationToken cancellationToken)
    {
        if (request.User != 0 || request.KeptFolder is not null)
            throw new EngineException(
                $"Tests, and builds that are resumed, run with bubblewrap alone: {request.Label} cannot run in a "
                    + $"container; {new Remedy(RemedyKind.UseBubblewrap)}"
            );
        foreach (var tree in request.Root.Concat(request.Mounts.Select(x => x.Tree)))
            store.RequireSound(tree, cancellationToken);
        if (
            request
                .Arguments.Concat(request.Environment.Values)
                .FirstOrDefault(x => x.Contains('\0', StringComparison.Ordinal)) is
            { } bad
        )
            throw new EngineException(
                $"An argument or variable of the sandbox holds a NUL character: '{bad.Replace('\0', '?')}'."
            );
        var daemon = await ConnectAsync(cancellationToken);
        await RemoveLeftoversAsync();
        var builds = Interlocked.Increment(ref running);
        var run = new DockerRun(daemon, request, NameOf(request));
        try
        {
            var image = await images!.EnsureAsync(request.Root, request.Yielding, cancellationToken);
            await run.FillAsync(image, archive, cancellationToken);
            await CreateAsync(run, request, image, builds);
            var end = await run.ExecuteAsync(log, cancellationToken);
            if (end.Succeeded)
                return end with { Outputs = await TakeOutputsAsync(run, request, cancellationToken) };
            return request.KeepOnFailure is { } kept
                ? end with
                {
                    Kept = await run.KeepAsync(kept, cancellationToken),
                }
                : end;
        }
        finally
        {
            Interlocked.Decrement(ref running);
            if (!await run.TryRemoveAsync())
                leftovers.Enqueue(run);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        images?.Dispose();
        connection?.Dispose();
        gate.Dispose();
    }

    /// <summary>
    /// The daemon, which is asked only when something has to run; what dead processes left is removed first.
    /// </summary>
    private async Task<DockerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (connection is null)
            {
                connection = await DockerConnection.OpenAsync(endpoint, cancellationToken);
                images = new(connection, store);
                await new DockerCleaner(connection).CleanAsync(DockerCleaner.UnusedImages, cancellationToken);
            }
            return connection;
        }
        finally
        {
            gate.Release();
        }
    }

    // Of a daemon that died in the middle, and is there again.
    private async Task RemoveLeftoversAsync()
    {
        for (var count = leftovers.Count; count > 0 && leftovers.TryDequeue(out var run); count--)
        {
            if (!await run.TryRemoveAsync())
                leftovers.Enqueue(run);
        }
    }

    private async Task CreateAsync(DockerRun run, SandboxRequest request, string image, int builds)
    {
        if (request.JobServer is { } fifo && seesFifos && connection!.SharesKernel)
        {
            if (await run.CreateAsync(image, request.Jobs, fifo))
                return;
            seesFifos = false;
        }
        // Tokens cannot be shared with another machine: each build gets its part of the jobs when it starts.
        var jobs = request.JobServer is null ? request.Jobs : Math.Max(1, request.Jobs / builds);
        await run.CreateAsync(image, jobs, null);
    }

    private async Task<ImmutableSortedDictionary<string, Digest>> TakeOutputsAsync(
        DockerRun run,
        SandboxRequest request,
        CancellationToken cancellationToken
    )
    {
        using var scratch = store.CreateScratch(request.Label);
        var folders = request
            .OutputDirectories.Select(
                (path, i) => (path, Path.Join(scratch.Path, i.ToString(CultureInfo.InvariantCulture)))
            )
            .ToList();
        // All of them are here before one of them is in the store.
        foreach (var (path, folder) in folders)
        {
            Directory.CreateDirectory(folder);
            await run.TakeAsync(path, folder, leavesOutSpecial: false, cancellationToken);
        }
        return await Task.Run(
            () =>
                folders.ToImmutableSortedDictionary(
                    x => x.path,
                    x => store.AddTree(x.Item2).Digest,
                    StringComparer.Ordinal
                ),
            cancellationToken
        );
    }

    private static string NameOf(SandboxRequest request)
    {
        var label = string.Concat(request.Label.Select(x => char.IsAsciiLetterOrDigit(x) || x is '-' or '.' ? x : '-'));
        return $"recipes-{label}-{Path.GetRandomFileName()[..8]}";
    }
}
