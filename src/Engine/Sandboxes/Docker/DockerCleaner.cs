using System.Collections.Immutable;
using System.Net;
using Docker.DotNet;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>What was removed from a daemon.</summary>
/// <param name="Containers">Names of containers.</param>
/// <param name="Volumes">Names of volumes.</param>
/// <param name="Images">Names of images.</param>
internal sealed record DockerCleanup(
    ImmutableArray<string> Containers,
    ImmutableArray<string> Volumes,
    ImmutableArray<string> Images
);

/// <summary>Removes what recipes has left at a daemon, which it knows by its labels, and nothing else.</summary>
/// <param name="daemon">The daemon.</param>
internal sealed class DockerCleaner(DockerConnection daemon)
{
    /// <summary>How long an image is kept for later builds.</summary>
    public static readonly TimeSpan UnusedImages = TimeSpan.FromDays(7);

    internal static Dictionary<string, IDictionary<string, bool>> Filter { get; } =
        new() { ["label"] = new Dictionary<string, bool> { [DockerOwner.Mark] = true } };

    /// <summary>
    /// Removes containers and volumes of processes of this machine that have ended, and images that no container uses
    /// and nobody has used for a while.
    /// </summary>
    /// <param name="unusedFor">How long images have to be unused.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="EngineException">The daemon refuses, or is gone.</exception>
    public Task<DockerCleanup> CleanAsync(TimeSpan unusedFor, CancellationToken cancellationToken) =>
        daemon.CallAsync("removing what ended builds have left", async client => new DockerCleanup(
            await RemoveContainersAsync(client, cancellationToken),
            await RemoveVolumesAsync(client, cancellationToken),
            await RemoveImagesAsync(client, DateTime.UtcNow - unusedFor, cancellationToken)
        ));

    private static async Task<ImmutableArray<string>> RemoveContainersAsync(
        DockerClient client,
        CancellationToken cancellationToken
    )
    {
        var removed = ImmutableArray.CreateBuilder<string>();
        foreach (
            var container in await client.Containers.ListContainersAsync(
                new() { All = true, Filters = Filter },
                cancellationToken
            )
        )
        {
            if (DockerOwner.Of(container.Labels) is { IsGone: true })
                await RemoveAsync(
                    container.Names is [var name, ..] ? name.TrimStart('/') : container.ID,
                    x => client.Containers.RemoveContainerAsync(x, new() { Force = true }, cancellationToken),
                    removed
                );
        }
        return removed.ToImmutable();
    }

    private static async Task<ImmutableArray<string>> RemoveVolumesAsync(
        DockerClient client,
        CancellationToken cancellationToken
    )
    {
        var removed = ImmutableArray.CreateBuilder<string>();
        foreach (
            var volume in (await client.Volumes.ListAsync(new() { Filters = Filter }, cancellationToken)).Volumes ?? []
        )
        {
            if (DockerOwner.Of(volume.Labels) is { IsGone: true })
                await RemoveAsync(
                    volume.Name,
                    x => client.Volumes.RemoveAsync(x, force: true, cancellationToken),
                    removed
                );
        }
        return removed.ToImmutable();
    }

    private static async Task<ImmutableArray<string>> RemoveImagesAsync(
        DockerClient client,
        DateTime before,
        CancellationToken cancellationToken
    )
    {
        var removed = ImmutableArray.CreateBuilder<string>();
        foreach (var image in await client.Images.ListImagesAsync(new() { Filters = Filter }, cancellationToken))
        {
            foreach (var name in image.RepoTags is { Count: > 0 } tags ? tags : [image.ID])
            {
                if (await LastUseAsync(client, image.ID, cancellationToken) < before)
                    await RemoveAsync(name, x => client.Images.DeleteImageAsync(x, new(), cancellationToken), removed);
            }
        }
        return removed.ToImmutable();
    }

    private static async Task<DateTime?> LastUseAsync(
        DockerClient client,
        string image,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await client.Images.InspectImageAsync(image, cancellationToken)).Metadata?.LastTagTime
                ?? DateTime.MinValue;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    private static async Task RemoveAsync(
        string name,
        Func<string, Task> remove,
        ImmutableArray<string>.Builder removed
    )
    {
        try
        {
            await remove(name);
            removed.Add(name);
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Another process was first, or uses it.
        }
    }
}
