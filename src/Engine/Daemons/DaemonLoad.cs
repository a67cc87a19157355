using System.Collections.Immutable;
using Docker.DotNet;
using Docker.DotNet.Models;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Engine.Daemons;

/// <summary>An image at a Docker daemon.</summary>
/// <param name="Id">By which the daemon knows it.</param>
/// <param name="Names">That it has now.</param>
/// <param name="WasThere">True if the daemon had the very image.</param>
/// <param name="LayersThere">How many of its layers, from the bottom, were not sent.</param>
internal sealed record LoadedImage(string Id, ImmutableArray<ImageName> Names, bool WasThere, int LayersThere);

/// <summary>Puts composed images into a Docker daemon, without what it has already.</summary>
/// <remarks>
/// A daemon whose layers are in graph drivers opens a layer of an archive only if it has none with the same chain of
/// layers below it, so that those layers can be left out of <c>POST /images/load</c>; there is no call that asks for a
/// layer, but every image tells its own. With containerd's store an archive has to be whole. See
/// https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image.
/// </remarks>
internal sealed class DaemonLoad(DockerConnection daemon, ContentStore store, IEngineObserver observer)
{
    /// <summary>Loads an image, and names it.</summary>
    /// <param name="image">A composed image.</param>
    /// <param name="names">What to call it; an image that had one of them loses it.</param>
    /// <param name="cancellationToken">Ends the sending; the daemon then keeps nothing of it.</param>
    /// <exception cref="EngineException">The daemon refuses, is gone, or has no space left.</exception>
    public async Task<LoadedImage> LoadAsync(
        ImageResult image,
        ImmutableArray<ImageName> names,
        CancellationToken cancellationToken
    )
    {
        // Graph drivers know an image by its configuration, which names all its layers.
        var id = image.Configuration.Oci;
        if (await FindAsync(id, cancellationToken) is not null)
        {
            await TagAsync(id, names, cancellationToken);
            return new(id, names, WasThere: true, image.Layers.Length);
        }
        var there = await LayersThereAsync(image, cancellationToken);
        try
        {
            await SendAsync(new(store, image, names, there, observer), cancellationToken);
        }
        catch (EngineException) when (there > 0)
        {
            // The image that had those layers may have been removed meanwhile.
            there = 0;
            await SendAsync(new(store, image, names, there, observer), cancellationToken);
        }
        var loaded = await FindAsync(names[0].ToString(), cancellationToken);
        return loaded?.RootFS?.Layers?.SequenceEqual(LayerIds(image)) == true
            ? new(loaded.ID, names, WasThere: false, there)
            : throw new EngineException(
                $"The Docker daemon at {daemon.Endpoint} took the image '{names[0]}', but does not have it."
            );
    }

    private static IEnumerable<string> LayerIds(ImageResult image) => image.Layers.Select(x => x.DiffId.Oci);

    private Task<ImageInspectResponse?> FindAsync(string name, CancellationToken cancellationToken) =>
        daemon.CallAsync("looking for an image", async client =>
        {
            try
            {
                return await client.Images.InspectImageAsync(name, cancellationToken);
            }
            catch (DockerImageNotFoundException)
            {
                return null;
            }
        });

    private Task TagAsync(string id, ImmutableArray<ImageName> names, CancellationToken cancellationToken) =>
        daemon.CallAsync("naming an image", async client =>
        {
            foreach (var name in names)
                await client.Images.TagImageAsync(
                    id,
                    new() { RepositoryName = name.Repository, Tag = name.Tag },
                    cancellationToken
                );
        });

    private async Task<int> LayersThereAsync(ImageResult image, CancellationToken cancellationToken)
    {
        if (daemon.Info.DriverStatus?.Any(x => x.Any(y => y.Contains("containerd", StringComparison.Ordinal))) == true)
            return 0;
        var wanted = LayerIds(image).ToList();
        var most = 0;
        var all = await daemon.CallAsync("listing images", x =>
            x.Images.ListImagesAsync(new() { All = true }, cancellationToken)
        );
        foreach (var other in all.DistinctBy(x => x.ID))
            if (await FindAsync(other.ID, cancellationToken) is { RootFS.Layers: { } layers })
                most = Math.Max(most, wanted.Zip(layers).TakeWhile(x => x.First == x.Second).Count());
        return most;
    }

    private Task SendAsync(DaemonArchive archive, CancellationToken cancellationToken) =>
        daemon.CallAsync("taking an image", async client =>
        {
            var messages = new Messages();
            await using var stream = TreeArchive.Pipe(archive.Write);
            await client.Images.LoadImageAsync(new() { Quiet = true }, stream, messages, cancellationToken);
            if (messages.Error is { } error)
                throw new EngineException($"The Docker daemon at {daemon.Endpoint} does not take the image: {error}");
        });

    // An error arrives as one message among those of the progress.
    private sealed class Messages : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value) => Error ??= value.Error?.Message;
    }
}
