using System.Collections.Immutable;
using System.Diagnostics;
using Docker.DotNet;
using Docker.DotNet.Models;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Engine.Daemons;

/// <summary>What to try.</summary>
internal sealed record TrialRequest
{
    /// <summary>The image at the daemon.</summary>
    public required LoadedImage Image { get; init; }

    /// <summary>Its recipe's <c>[image]</c>.</summary>
    public required ImageSpec Spec { get; init; }

    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>What to run in place of the image's <c>cmd</c>; empty for that itself.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Variables beside those of the image.</summary>
    public ImmutableArray<EnvironmentVariable> Variables { get; init; } = [];
}

/// <summary>
/// Runs an image in a container of a daemon, until it ends or is to end; then nothing is left of it there.
/// </summary>
/// <param name="daemon">The daemon.</param>
/// <param name="observer">Is told how far it is.</param>
/// <param name="output">Takes what the container writes, standard output and error.</param>
internal sealed class ContainerTrial(DockerConnection daemon, IEngineObserver observer, Stream output)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    // A person waits; how long a probe may fail stays as the recipe says.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);
    private const int DefaultRetries = 3;
    private const uint StopSeconds = 60;

    /// <summary>Runs it.</summary>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Stops the container by its stop signal, and waits for its end.</param>
    /// <returns>The exit status of the container's program.</returns>
    /// <exception cref="EngineException">It turned out unhealthy, or the daemon refused or is gone.</exception>
    public Task<int> RunAsync(TrialRequest request, CancellationToken cancellationToken) =>
        daemon.CallAsync($"trying {request.Name}", async client =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var container = (
                await client.Containers.CreateContainerAsync(Parameters(request), CancellationToken.None)
            ).ID;
            try
            {
                return await RunAsync(client, container, request, cancellationToken);
            }
            finally
            {
                await RemoveAsync(client, container);
            }
        });

    private async Task<int> RunAsync(
        DockerClient client,
        string container,
        TrialRequest request,
        CancellationToken cancellationToken
    )
    {
        using var attached = await client.Containers.AttachContainerAsync(
            container,
            new()
            {
                Stream = true,
                Stdout = true,
                Stderr = true,
            },
            CancellationToken.None
        );
        await client.Containers.StartContainerAsync(container, new(), CancellationToken.None);
        var observing = ObserveAsync(client, container, request, cancellationToken);
        await PassAsync(attached);
        return await observing;
    }

    /// <summary>From the start of the container to its end; the end of its output follows.</summary>
    private async Task<int> ObserveAsync(
        DockerClient client,
        string container,
        TrialRequest request,
        CancellationToken cancellationToken
    )
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var ports = Ports(await client.Containers.InspectContainerAsync(container, CancellationToken.None));
            observer.On(new TrialStarted(request.Name, container, ports));
            if (request.Spec.Healthcheck is not null)
                await AwaitHealthAsync(client, container, request.Name, clock, cancellationToken);
            await client.Containers.WaitContainerAsync(container, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Someone has seen enough.
        }
        finally
        {
            await client.Containers.StopContainerAsync(
                container,
                new() { WaitBeforeKillSeconds = StopSeconds },
                CancellationToken.None
            );
        }
        var end = (await client.Containers.InspectContainerAsync(container, CancellationToken.None)).State!;
        observer.On(new TrialEnded(request.Name, (int)end.ExitCode));
        return (int)end.ExitCode;
    }

    private static Task RemoveAsync(DockerClient client, string container) =>
        client.Containers.RemoveContainerAsync(
            container,
            new() { Force = true, RemoveVolumes = true },
            CancellationToken.None
        );

    private async Task AwaitHealthAsync(
        DockerClient client,
        string container,
        string name,
        Stopwatch clock,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var state = (await client.Containers.InspectContainerAsync(container, cancellationToken)).State!;
            if (!state.Running)
                return;
            switch (state.Health?.Status)
            {
                case "healthy":
                    observer.On(new TrialHealthy(name, clock.Elapsed));
                    return;
                case "unhealthy":
                    var last = state.Health.Log?.LastOrDefault();
                    throw new EngineException(
                        $"{name} is unhealthy: its healthcheck ended with status {last?.ExitCode}: {last?.Output?.Trim()}".TrimEnd(
                            ':',
                            ' '
                        )
                    );
                default:
                    await Task.Delay(Poll, cancellationToken);
                    break;
            }
        }
    }

    private async Task PassAsync(MultiplexedStream attached)
    {
        var buffer = new byte[1 << 16];
        while (await attached.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None) is { EOF: false } piece)
        {
            await output.WriteAsync(buffer.AsMemory(0, piece.Count));
            await output.FlushAsync();
        }
    }

    private static CreateContainerParameters Parameters(TrialRequest request)
    {
        var parameters = new CreateContainerParameters
        {
            Image = request.Image.Id,
            Env = [.. request.Variables.Select(x => x.ToString())],
            AttachStdout = true,
            AttachStderr = true,
            // What a trial leaves when it is killed is found again by these.
            Labels = DockerOwner.Current.Labels($"try {request.Name}"),
            ExposedPorts = request.Spec.Ports.ToDictionary(x => x, _ => default(EmptyStruct)!),
            Healthcheck = Impatient(request.Spec.Healthcheck),
            HostConfig = new()
            {
                PortBindings = request.Spec.Ports.ToDictionary(
                    x => x,
                    IList<PortBinding> (_) => [new() { HostIP = "127.0.0.1", HostPort = "" }]
                ),
            },
        };
        if (!request.Arguments.IsEmpty)
            parameters.Cmd = [.. request.Arguments];
        return parameters;
    }

    private static HealthcheckConfig? Impatient(HealthcheckSpec? check)
    {
        if (check is null)
            return null;
        var interval = check.Interval ?? DefaultInterval;
        if (interval <= ProbeInterval)
            return null;
        var retries = (check.Retries ?? DefaultRetries) * (interval / ProbeInterval);
        return new() { Interval = ProbeInterval, Retries = (long)Math.Ceiling(retries) };
    }

    private static ImmutableArray<PublishedPort> Ports(ContainerInspectResponse container) =>
        [
            .. (container.NetworkSettings?.Ports ?? new Dictionary<string, IList<PortBinding>>())
                .Where(x => x.Value is { Count: > 0 })
                .OrderBy(x => x.Key, StringComparer.Ordinal)
                .Select(x => new PublishedPort(x.Key, $"{x.Value[0].HostIP}:{x.Value[0].HostPort}")),
        ];
}
