using System.Globalization;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Docker.DotNet.NativeHttp;
using Version = System.Version;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>A Docker daemon that answers, in the newest version of its API that both sides know.</summary>
/// <remarks>See https://docs.docker.com/reference/api/engine/.</remarks>
internal sealed class DockerConnection : IDisposable
{
    /// <summary>The oldest API that has all that is needed: that of Docker 20.10.</summary>
    public static readonly Version OldestApi = new(1, 41);

    private static readonly Version NewestApi = new(1, 51);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private DockerConnection(DockerEndpoint endpoint, DockerClient client, SystemInfoResponse info, Version api) =>
        (Endpoint, Client, Info, Api) = (endpoint, client, info, api);

    /// <summary>Where it listens.</summary>
    public DockerEndpoint Endpoint { get; }

    /// <summary>The client; its calls take as long as they take.</summary>
    public DockerClient Client { get; }

    /// <summary>What the daemon says about itself.</summary>
    public SystemInfoResponse Info { get; }

    /// <summary>The version of the API that is spoken.</summary>
    public Version Api { get; }

    /// <summary>
    /// True if the daemon runs on this machine's kernel, so that a fifo may be the same on both sides.
    /// </summary>
    public bool SharesKernel =>
        Endpoint.IsLocal && Info.KernelVersion == File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    /// <summary>Connects.</summary>
    /// <exception cref="EngineException">
    /// Nobody answers, or a daemon that is too old, too new or not of this kind.
    /// </exception>
    public static async Task<DockerConnection> OpenAsync(DockerEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        DockerClient? client = null;
        try
        {
            Version api;
            using (var unversioned = Build(endpoint, null))
                api = Negotiate(endpoint, await unversioned.System.GetVersionAsync(limit.Token));
            client = Build(endpoint, api);
            var connection = new DockerConnection(
                endpoint,
                client,
                await client.System.GetSystemInfoAsync(limit.Token),
                api
            );
            connection.RequirePlatform();
            client = null;
            return connection;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException(
                $"The Docker daemon at {endpoint} does not answer within {Patience.TotalSeconds} s. Is it "
                    + $"overloaded, or is this no daemon?"
            );
        }
        catch (Exception e) when (DockerFailure.IsDocker(e))
        {
            throw DockerFailure.OfConnecting(endpoint, e);
        }
        finally
        {
            client?.Dispose();
        }
    }

    /// <summary>Calls the daemon, and says in plain words what went wrong.</summary>
    /// <param name="doing">What for, after "while": <c>starting zlib</c>.</param>
    /// <param name="call">The calls.</param>
    /// <exception cref="EngineException">The daemon refused, ended, or has no space left.</exception>
    public async Task<T> CallAsync<T>(string doing, Func<DockerClient, Task<T>> call)
    {
        try
        {
            return await call(Client);
        }
        catch (Exception e) when (DockerFailure.IsDocker(e))
        {
            throw DockerFailure.Of(Endpoint, doing, e);
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(string doing, Func<DockerClient, Task> call) => CallAsync(doing, async client =>
        {
            await call(client);
            return true;
        });

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    // One transport for sockets and TCP: that of .NET.
    private static DockerClient Build(DockerEndpoint endpoint, Version? api)
    {
        var options = new NativeHttpTransportOptions
        {
            ConfigureHandler = handler =>
            {
                handler.UseProxy = false;
                // Each running container holds one.
                handler.MaxConnectionsPerServer = int.MaxValue;
                if (endpoint.IsLocal)
                    handler.ConnectCallback = async (_, cancellationToken) =>
                        await ConnectAsync(endpoint, cancellationToken);
            },
        };
        var address = endpoint.IsLocal ? new Uri("http://localhost") : endpoint.Address;
        return new DockerClientBuilder()
            .WithTransportOptions(options)
            .WithEndpoint(address)
            .WithApiVersion(api)
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .Build();
    }

    private static async Task<Stream> ConnectAsync(DockerEndpoint endpoint, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Address.LocalPath), cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    private static Version Negotiate(DockerEndpoint endpoint, VersionResponse daemon)
    {
        if (!Version.TryParse(daemon.APIVersion, out var newest))
            throw new EngineException(
                $"What answers at {endpoint} is not a Docker daemon: it names no version of its API."
            );
        if (newest < OldestApi)
            throw new EngineException(
                $"The Docker daemon at {endpoint} is too old: it speaks API {newest} (Docker {daemon.Version}), and "
                    + $"recipes needs API "
                    + $"{OldestApi} (Docker 20.10) or later. Update it, or name another daemon with DOCKER_HOST."
            );
        if (Version.TryParse(daemon.MinAPIVersion, out var oldest) && oldest > NewestApi)
            throw new EngineException(
                $"The Docker daemon at {endpoint} is too new: it speaks no API before {oldest}, and this version of "
                    + $"recipes knows "
                    + $"none after {NewestApi}. Use a newer recipes, or name another daemon with DOCKER_HOST."
            );
        return newest < NewestApi ? newest : NewestApi;
    }

    private void RequirePlatform()
    {
        if (Info.OSType != "linux" || Info.Architecture is not ("x86_64" or "amd64"))
            throw new EngineException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The Docker daemon at {Endpoint} runs containers of {Info.OSType}/{Info.Architecture}; recipes "
                        + $"needs linux/x86_64."
                )
            );
    }
}
