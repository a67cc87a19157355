using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>What went wrong with a daemon, and what to do about it.</summary>
internal static class DockerFailure
{
    /// <summary>True for what the client throws when the daemon refuses or is gone.</summary>
    public static bool IsDocker(Exception e) =>
        e
            is DockerApiException
                or HttpRequestException
                or IOException
                or SocketException
                or TimeoutException
                or JsonException
                or InvalidDataException;

    /// <summary>A daemon that cannot be reached.</summary>
    public static EngineException OfConnecting(DockerEndpoint endpoint, Exception e)
    {
        if (e is DockerApiException or JsonException)
            return new($"What answers at {endpoint} is not a Docker daemon: {MessageOf(e)}", e);
        var socket = e as SocketException ?? e.InnerException as SocketException;
        var fix =
            socket?.SocketErrorCode == SocketError.AccessDenied
                ? "This user may not use it: let root add the user to its group (usermod -aG docker USER) and log "
                    + "in anew."
                : "Start it (systemctl start docker), install it (apt-get install docker.io), or name another with "
                    + "DOCKER_HOST.";
        // What .NET says of a socket that is not there is about addresses.
        var message = endpoint.IsThere ? MessageOf(e) : "No such file or directory";
        return new($"No Docker daemon answers at {endpoint}: {message}. {fix}", e);
    }

    /// <summary>A call that failed.</summary>
    public static EngineException Of(DockerEndpoint endpoint, string doing, Exception e)
    {
        // What was sent could not be read.
        if (e.InnerException is EngineException own)
            return own;
        var message = MessageOf(e);
        if (message.Contains("no space left on device", StringComparison.OrdinalIgnoreCase))
            return new(
                $"The Docker daemon at {endpoint} has no space left, while {doing}: {message}\n"
                    + $"Make room where it keeps its data, or {new Remedy(RemedyKind.CleanDocker)}.",
                e
            );
        return e is DockerApiException
            ? new($"The Docker daemon at {endpoint} failed while {doing}: {message}", e)
            : new(
                $"The Docker daemon at {endpoint} ended or cannot be reached any more, while {doing}: {message}\n"
                    + "Nothing of what it was doing was kept. Start it again, then run this command again.",
                e
            );
    }

    private static string MessageOf(Exception e)
    {
        if (e is not DockerApiException { ResponseBody: { } body })
            return (e.InnerException is SocketException or IOException ? e.InnerException : e).Message.TrimEnd('.');
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("message").GetString() ?? body;
        }
        catch (Exception x) when (x is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body.Trim();
        }
    }
}
