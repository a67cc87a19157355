using System.Collections.Immutable;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>doctor --clean --json</c>: the names of what was removed.</summary>
internal sealed record DockerCleanupJson(
    string Daemon,
    ImmutableArray<string> Containers,
    ImmutableArray<string> Volumes,
    ImmutableArray<string> Images
)
{
    /// <param name="endpoint">Of the daemon.</param>
    /// <param name="removed">Null where there is no daemon.</param>
    public static DockerCleanupJson Of(DockerEndpoint endpoint, DockerCleanup? removed) =>
        new(endpoint.ToString(), removed?.Containers ?? [], removed?.Volumes ?? [], removed?.Images ?? []);
}
