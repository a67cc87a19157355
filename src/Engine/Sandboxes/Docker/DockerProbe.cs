namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>Whether a Docker daemon can run builds.</summary>
internal static class DockerProbe
{
    private const string Name = "docker";
    private const string Install = "apt-get install docker.io";

    /// <summary>Asks the daemon.</summary>
    /// <param name="variable">Reads an environment variable, for the daemon's endpoint.</param>
    /// <param name="isWanted">If not, a daemon that is not there is no fault.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<HostCheck> RunAsync(
        Func<string, string?> variable,
        bool isWanted,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var endpoint = DockerEndpoint.Find(variable);
            if (!isWanted && !endpoint.IsThere && string.IsNullOrEmpty(variable("DOCKER_HOST")))
                return new(Name, true, false, $"none at {endpoint}, and not needed for builds", null);
            using var daemon = await DockerConnection.OpenAsync(endpoint, cancellationToken);
            return new(Name, true, isWanted, $"{daemon.Info.ServerVersion} (API {daemon.Api}) at {endpoint}", null);
        }
        catch (EngineException e)
        {
            return new(
                Name,
                false,
                isWanted,
                e.Text,
                isWanted && HostPrograms.Find("dockerd") is null ? (MessageText)Install : null
            );
        }
    }
}
