using System.Collections.Immutable;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Cli.Output;

/// <summary>What was removed from a Docker daemon, for people.</summary>
internal static class DockerCleanupView
{
    /// <param name="output">Where to.</param>
    /// <param name="endpoint">Of the daemon.</param>
    /// <param name="removed">Null where there is no daemon.</param>
    public static void Write(TextWriter output, DockerEndpoint endpoint, DockerCleanup? removed)
    {
        if (removed is null)
        {
            output.WriteLine($"there is no Docker daemon at {endpoint}, and nothing to remove");
            return;
        }
        foreach (
            var (kind, names) in ((string, ImmutableArray<string>)[])
                [("container", removed.Containers), ("volume", removed.Volumes), ("image", removed.Images)]
        )
        {
            foreach (var name in names)
                output.WriteLine($"removed {kind} {Printable.Line(name)}");
        }
        if (removed.Containers.IsEmpty && removed.Volumes.IsEmpty && removed.Images.IsEmpty)
            output.WriteLine($"nothing to remove from the Docker daemon at {endpoint}");
    }
}
