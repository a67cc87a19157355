using Docker.DotNet;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>Where a Docker daemon listens.</summary>
/// <param name="Address"><c>unix:///var/run/docker.sock</c> or <c>tcp://host:2375</c>.</param>
internal sealed record DockerEndpoint(Uri Address)
{
    private const int DefaultPort = 2375;

    /// <summary>True for a socket of this machine; the daemon need not share its file system even so.</summary>
    public bool IsLocal => Address.Scheme == "unix";

    /// <summary>False if it is a socket that does not exist: then no daemon runs here.</summary>
    public bool IsThere => !IsLocal || File.Exists(Address.LocalPath);

    /// <summary>
    /// What the <c>docker</c> command would use: <c>DOCKER_HOST</c>, else its current context, else the local socket.
    /// </summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="EngineException">
    /// It names what is not an endpoint, or one that recipes does not speak to.
    /// </exception>
    public static DockerEndpoint Find(Func<string, string?> variable)
    {
        try
        {
            return Of(new DockerConfig(new Settings(variable)).GetEndpoint(), variable);
        }
        catch (Exception e) when (e is DockerConfigurationException or System.Text.Json.JsonException or IOException)
        {
            throw new EngineException($"{e.Message} Set DOCKER_HOST to unix:///PATH or tcp://HOST:PORT.", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Address.OriginalString.TrimEnd('/');

    private static DockerEndpoint Of(Uri address, Func<string, string?> variable)
    {
        if (address.Scheme == "unix" && address.LocalPath.Length > 1)
            return new(address);
        if (variable("DOCKER_TLS_VERIFY") is { Length: > 0 })
            throw new EngineException(
                $"'{address.OriginalString}' with DOCKER_TLS_VERIFY: recipes does not speak TLS to a Docker daemon. "
                    + $"Forward its socket "
                    + "instead (ssh -N -L /tmp/docker.sock:/var/run/docker.sock HOST), and set "
                    + "DOCKER_HOST=unix:///tmp/docker.sock."
            );
        if (address.Scheme is "tcp" or "http" && address.Host.Length > 0)
            return new(address.IsDefaultPort ? new UriBuilder(address) { Port = DefaultPort }.Uri : address);
        throw new EngineException(
            address.Scheme == "ssh"
                ? $"'{address.OriginalString}': recipes does not speak SSH to a Docker daemon. Forward its socket "
                    + $"instead "
                    + $"(ssh -N -L /tmp/docker.sock:/var/run/docker.sock "
                    + $"{address.OriginalString["ssh://".Length..]}), and set DOCKER_HOST=unix:///tmp/docker.sock."
                : $"'{address.OriginalString}' is not a Docker endpoint. Set DOCKER_HOST to unix:///PATH or "
                    + $"tcp://HOST:PORT."
        );
    }

    private sealed class Settings(Func<string, string?> variable) : IDockerCliSettings
    {
        public string? DockerConfig => variable("DOCKER_CONFIG");

        public string? DockerHost => variable("DOCKER_HOST");

        public string? DockerTlsVerify => variable("DOCKER_TLS_VERIFY");

        public string? DockerContext => variable("DOCKER_CONTEXT");
    }
}
