using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>
/// The images that actions run in: exactly the trees of a root, one layer a tree. A root that was used before is found
/// again by its tag. They stay for later builds, until nobody has used them for a while; see
/// <see cref="DockerCleaner"/>.
/// </summary>
internal sealed class DockerImages(DockerConnection daemon, ContentStore store) : IDisposable
{
    /// <summary>The repository of all of them.</summary>
    public const string Repository = "recipes-sandbox";

    // Overlay file systems in Docker end at 125 layers, of which some are the container's own.
    private const int MaxLayers = 100;

    private readonly TreeArchive archive = new(store);
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>The image of a root, sent to the daemon where it lacks it.</summary>
    /// <param name="root">The trees that merged make the root.</param>
    /// <param name="yielding">Those of them that have paths of others, and have to lie below them.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    /// <returns>The image's id.</returns>
    public async Task<string> EnsureAsync(
        ImmutableArray<Digest> root,
        ImmutableHashSet<Digest> yielding,
        CancellationToken cancellationToken
    )
    {
        // Of two builds with much in common, the second finds the layers of the first.
        await gate.WaitAsync(cancellationToken);
        try
        {
            var layers = await Task.Run(() => LayersOf(root, yielding), cancellationToken);
            var tag = TagOf(layers);
            var id = await FindAsync(tag, layers, cancellationToken);
            if (id is null)
            {
                await SendAsync(tag, layers, cancellationToken);
                id = await FindAsync(tag, layers, cancellationToken)
                    ?? throw new EngineException(
                        $"The Docker daemon at {daemon.Endpoint} took the image {Repository}:{tag}, and does not "
                            + $"have it."
                    );
            }
            // The time of the last tagging is that of the last use.
            await daemon.CallAsync("tagging an image", x =>
                x.Images.TagImageAsync(id, new() { RepositoryName = Repository, Tag = tag }, cancellationToken)
            );
            return id;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private ImmutableArray<DockerLayer> LayersOf(ImmutableArray<Digest> root, ImmutableHashSet<Digest> yielding)
    {
        // In an image, the last that has a path counts.
        var trees = root.Distinct().OrderByDescending(yielding.Contains).ToImmutableArray();
        var single = trees.Length <= MaxLayers ? trees : trees[..(MaxLayers - 1)];
        var groups = single.Select(x => ImmutableArray.Create(x));
        if (single.Length < trees.Length)
            groups = groups.Append(trees[single.Length..]);
        // What is large is likely to be shared by more roots.
        return
        [
            .. groups
                .Select(x => new DockerLayer(archive.Measure(x), x, x.Any(yielding.Contains)))
                .OrderByDescending(x => x.Yields)
                .ThenByDescending(x => x.DiffId.Size)
                .ThenBy(x => x.DiffId),
        ];
    }

    private static string TagOf(ImmutableArray<DockerLayer> layers)
    {
        var yielding = layers.Where(x => x.Yields).Select(x => $"{x.DiffId} yields");
        var lines = layers.Select(x => $"{x.DiffId}").Concat(yielding).Order(StringComparer.Ordinal);
        return Digest.OfText(string.Join('\n', lines)).Hash[..24];
    }

    private async Task<string?> FindAsync(
        string tag,
        ImmutableArray<DockerLayer> layers,
        CancellationToken cancellationToken
    )
    {
        var image = await InspectAsync($"{Repository}:{tag}", cancellationToken);
        // Anybody can give a tag to anything.
        return
            image is not null && LayerIdsOf(image).ToHashSet(StringComparer.Ordinal).SetEquals(layers.Select(x => x.Id))
            ? image.ID
            : null;
    }

    private Task<ImageInspectResponse?> InspectAsync(string name, CancellationToken cancellationToken) =>
        daemon.CallAsync("looking for an image", async x =>
        {
            try
            {
                return await x.Images.InspectImageAsync(name, cancellationToken);
            }
            catch (DockerImageNotFoundException)
            {
                return null;
            }
        });

    private async Task SendAsync(string tag, ImmutableArray<DockerLayer> layers, CancellationToken cancellationToken)
    {
        var there = await MaxChainAsync(layers, cancellationToken);
        ImmutableArray<DockerLayer> order =
        [
            .. there.Select(id => layers.First(x => x.Id == id)),
            .. layers.Where(x => !there.Contains(x.Id)),
        ];
        try
        {
            await LoadAsync(tag, order, there.Length, cancellationToken);
        }
        catch (EngineException) when (!there.IsEmpty)
        {
            // The image that had those layers may have been removed meanwhile.
            await LoadAsync(tag, order, 0, cancellationToken);
        }
    }

    /// <summary>
    /// The layers that need not be sent. The daemon knows a layer by all that is below it, so they are the first ones
    /// of some image that has no other layers before them.
    /// </summary>
    private async Task<ImmutableArray<string>> MaxChainAsync(
        ImmutableArray<DockerLayer> layers,
        CancellationToken cancellationToken
    )
    {
        // With containerd's store, an archive has to be whole.
        if (daemon.Info.DriverStatus?.Any(x => x.Any(y => y.Contains("containerd", StringComparison.Ordinal))) == true)
            return [];
        var wanted = layers.Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
        var yielding = layers.Where(x => x.Yields).Select(x => x.Id).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<string> longest = [];
        foreach (var image in await ListAsync(daemon, cancellationToken))
        {
            if (await InspectAsync(image.ID, cancellationToken) is not { } found)
                continue;
            var chain = LayerIdsOf(found).TakeWhile(wanted.Contains).ToImmutableArray();
            if (!chain.Take(yielding.Count).All(yielding.Contains))
                continue;
            if (chain.Length > longest.Length)
                longest = chain;
        }
        return longest;
    }

    /// <summary>All images that some recipes has left at a daemon.</summary>
    public static Task<IList<ImagesListResponse>> ListAsync(
        DockerConnection daemon,
        CancellationToken cancellationToken
    ) =>
        daemon.CallAsync("listing images", x =>
            x.Images.ListImagesAsync(new() { Filters = DockerCleaner.Filter }, cancellationToken)
        );

    private static IEnumerable<string> LayerIdsOf(ImageInspectResponse image) => image.RootFS?.Layers ?? [];

    private async Task LoadAsync(
        string tag,
        ImmutableArray<DockerLayer> layers,
        int there,
        CancellationToken cancellationToken
    )
    {
        var progress = new LoadProgress();
        var image = new DockerArchive($"{Repository}:{tag}", layers, there);
        await daemon.CallAsync("taking an image", async x =>
        {
            await using var stream = TreeArchive.Pipe(output => image.Write(archive, output));
            await x.Images.LoadImageAsync(new() { Quiet = true }, stream, progress, cancellationToken);
            if (progress.Error is { } error)
                throw new IOException(error);
        });
    }

    // An error arrives as one message among those of the progress. Unlike Progress, this takes each at once.
    private sealed class LoadProgress : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value) => Error ??= value.Error?.Message;
    }
}

/// <summary>One layer of an image at a daemon.</summary>
/// <param name="DiffId">Of its archive.</param>
/// <param name="Trees">What it holds.</param>
/// <param name="Yields">True if it has to lie below all that do not.</param>
internal sealed record DockerLayer(Digest DiffId, ImmutableArray<Digest> Trees, bool Yields = false)
{
    /// <summary>As the daemon writes it.</summary>
    public string Id => DiffId.Oci;
}
