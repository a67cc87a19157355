using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>One action at a daemon, from its first volume to its last; in the end it has to be removed.</summary>
internal sealed class DockerRun
{
    private const int NotExecutable = 126;
    private const int NotFound = 127;
    private const int Killed = 128 + 9;

    // How long a daemon may take to kill, before it is taken for dead.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DockerConnection daemon;
    private readonly SandboxRequest request;
    private readonly DockerVolumes volumes;
    private readonly Dictionary<string, string> labels;
    private readonly string name;
    private readonly List<string> containers = [];

    public DockerRun(DockerConnection daemon, SandboxRequest request, string name)
    {
        (this.daemon, this.request, this.name) = (daemon, request, name);
        volumes = new(request, name);
        labels = DockerOwner.Current.Labels(request.Label);
    }

    /// <summary>The container of the action, once it was made.</summary>
    private string Container { get; set; } = "";

    /// <summary>Makes the volumes, with what the mounts hold.</summary>
    /// <param name="image">The id of the root's image.</param>
    /// <param name="archive">Writes trees.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FillAsync(string image, TreeArchive archive, CancellationToken cancellationToken)
    {
        if (!volumes.HasContent)
            return;
        await daemon.CallAsync($"bringing the sources of {request.Label}", async client =>
        {
            var filler = await CreateAsync(
                client,
                "fill",
                DockerContainer.ToFill(image, volumes.Mounts(true, labels), labels)
            );
            await volumes.FillAsync(client, filler, archive, cancellationToken);
        });
    }

    /// <summary>Makes the container, which can then be executed.</summary>
    /// <param name="image">The id of the root's image.</param>
    /// <param name="jobs">Jobs at once.</param>
    /// <param name="jobServer">The fifo to show, on a file system that the daemon shares, or null.</param>
    /// <returns>False if the daemon does not see the fifo.</returns>
    public async Task<bool> CreateAsync(string image, int jobs, string? jobServer)
    {
        var mounts = volumes.Mounts(isFilling: false, labels);
        if (jobServer is not null)
            mounts.Add(
                new()
                {
                    Type = "bind",
                    Source = jobServer,
                    Target = DockerContainer.JobServer,
                }
            );
        var parameters = DockerContainer.Of(request, image, jobs, daemon.Info.MemTotal, mounts, labels);
        return await daemon.CallAsync($"making the container of {request.Label}", async client =>
        {
            try
            {
                Container = await CreateAsync(client, "run", parameters);
                return true;
            }
            catch (DockerApiException e)
                when (jobServer is not null
                    && e.ResponseBody?.Contains("bind source path", StringComparison.Ordinal) == true
                )
            {
                return false;
            }
        });
    }

    /// <summary>Runs the action to its end.</summary>
    public async Task<SandboxResult> ExecuteAsync(Stream log, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        using var giveUp = new CancellationTokenSource();
        using var timer = new CancellationTokenSource();
        using var onTimeout = timer.Token.Register(stop.Cancel);
        using var onCancel = cancellationToken.Register(stop.Cancel);
        using var onStop = stop.Token.Register(() => giveUp.CancelAfter(Patience));
        var pump = new LogPump(log, stop.Cancel);
        try
        {
            return await daemon.CallAsync($"running {request.Label}", async client =>
            {
                using var output = await client.Containers.AttachContainerAsync(
                    Container,
                    new()
                    {
                        Stream = true,
                        Stdout = true,
                        Stderr = true,
                    },
                    cancellationToken
                );
                cancellationToken.ThrowIfCancellationRequested();
                var clock = Stopwatch.StartNew();
                if (await StartAsync(client, pump, giveUp.Token) is { } failed)
                    return Result(SandboxEnd.Exited, failed, clock.Elapsed);
                if (request.Timeout is { } limit)
                    timer.CancelAfter(limit);
                // Not before the start, or it would come to nothing.
                using var onKill = stop.Token.Register(() => _ = KillAsync(client));
                await PassAsync(output, pump, giveUp.Token);
                await client.Containers.WaitContainerAsync(Container, giveUp.Token);
                clock.Stop();
                cancellationToken.ThrowIfCancellationRequested();
                if (pump.Failure is { } failure)
                    throw new EngineException(
                        $"The log of {request.Label} cannot be written: {failure.Message}",
                        failure
                    );
                var state = (await client.Containers.InspectContainerAsync(Container, cancellationToken)).State!;
                return timer.IsCancellationRequested ? Result(SandboxEnd.TimedOut, Killed, clock.Elapsed)
                    // The program may have ended well though the kernel killed another process.
                    : state.OOMKilled
                        ? Result(
                            SandboxEnd.OutOfMemory,
                            state.ExitCode == 0 ? Killed : (int)state.ExitCode,
                            clock.Elapsed
                        )
                    : Result(SandboxEnd.Exited, (int)state.ExitCode, clock.Elapsed);
            });
        }
        catch (OperationCanceledException)
            when (giveUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineException(
                $"The Docker daemon at {daemon.Endpoint} does not end the container {name} of {request.Label}; look "
                    + $"after it there."
            );
        }
    }

    /// <summary>Unpacks a folder of the action.</summary>
    /// <param name="path">Absolute, in the container.</param>
    /// <param name="target">An empty folder.</param>
    /// <param name="leavesOutSpecial">If set, what no tree can hold is left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task TakeAsync(string path, string target, bool leavesOutSpecial, CancellationToken cancellationToken) =>
        daemon.CallAsync($"taking {path} of {request.Label}", async client =>
        {
            var response = await client.Containers.GetArchiveFromContainerAsync(
                Container,
                new() { Path = path },
                false,
                cancellationToken
            );
            await using var stream = response.Stream!;
            await new ArchiveUnpacker(target, path) { LeavesOutSpecial = leavesOutSpecial }.UnpackAsync(
                stream,
                cancellationToken
            );
        });

    /// <summary>Leaves all that the action could write to in a folder, in place of what is there.</summary>
    /// <returns>The folder.</returns>
    public async Task<string> KeepAsync(string kept, CancellationToken cancellationToken)
    {
        ScratchDirectory.Delete(kept);
        foreach (var path in volumes.Writable)
        {
            Directory.CreateDirectory(kept + path);
            await TakeAsync(path, kept + path, leavesOutSpecial: true, cancellationToken);
        }
        return kept;
    }

    /// <summary>Removes its containers, whatever runs in them, and its volumes.</summary>
    /// <returns>False if the daemon is gone, or refuses: to be tried again.</returns>
    public async Task<bool> TryRemoveAsync()
    {
        try
        {
            foreach (var container in containers)
                await RemoveAsync(container);
            foreach (var volume in volumes.Names)
                await daemon.Client.Volumes.RemoveAsync(volume, force: true, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (DockerFailure.IsDocker(e))
        {
            return false;
        }
    }

    private async Task<string> CreateAsync(DockerClient client, string suffix, CreateContainerParameters parameters)
    {
        parameters.Name = $"{name}-{suffix}";
        containers.Add(parameters.Name);
        // Not cancelled: the daemon would go on, and make it after it was looked for to be removed.
        await client.Containers.CreateContainerAsync(parameters, CancellationToken.None);
        return parameters.Name;
    }

    private async Task RemoveAsync(string container)
    {
        try
        {
            await daemon.Client.Containers.RemoveContainerAsync(
                container,
                new() { Force = true },
                CancellationToken.None
            );
        }
        catch (DockerContainerNotFoundException)
        {
            // It was never made, or was removed before.
        }
    }

    /// <summary>Null if it runs; the exit status if its program cannot be executed.</summary>
    private async Task<int?> StartAsync(DockerClient client, LogPump pump, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.StartContainerAsync(Container, new(), cancellationToken);
            return null;
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
        {
            var state = (await client.Containers.InspectContainerAsync(Container, CancellationToken.None)).State!;
            if (state.ExitCode is not (NotExecutable or NotFound))
                throw;
            await pump.PassAsync(Encoding.UTF8.GetBytes($"{request.Arguments[0]}: {state.Error}\n"), cancellationToken);
            return NotFound;
        }
    }

    private static async Task PassAsync(MultiplexedStream output, LogPump pump, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        while (true)
        {
            var piece = await output.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken);
            if (piece.EOF)
                return;
            await pump.PassAsync(buffer.AsMemory(0, piece.Count), cancellationToken);
        }
    }

    private async Task KillAsync(DockerClient client)
    {
        try
        {
            await client.Containers.KillContainerAsync(Container, new() { Signal = "KILL" }, CancellationToken.None);
        }
        catch (Exception e) when (DockerFailure.IsDocker(e))
        {
            // It ended by itself; or the daemon is gone, which the reader of its output sees too.
        }
    }

    private static SandboxResult Result(SandboxEnd end, int status, TimeSpan elapsed) =>
        new(end, status, ImmutableSortedDictionary.Create<string, Digest>(StringComparer.Ordinal), elapsed, null, null);
}
