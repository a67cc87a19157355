using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Recipes.Engine.Content;
using Recipes.Engine.Images;

namespace Recipes.Engine.Registries.Pushing;

/// <summary>How a blob of an image came to a registry.</summary>
/// <param name="Name">The layer's package, or <c>configuration</c>.</param>
/// <param name="Digest">The compressed layer, or the configuration.</param>
/// <param name="Arrival">How it came there.</param>
internal sealed record PushedBlob(string Name, Digest Digest, BlobArrival Arrival);

/// <summary>An image at a registry.</summary>
/// <param name="Target">Where, with its tag.</param>
/// <param name="Manifest">The digest of its manifest, the same as in the archive.</param>
/// <param name="WasThere">True if the tag named this very image before.</param>
/// <param name="Blobs">Layers and configuration.</param>
internal sealed record PushResult(
    RegistryReference Target,
    Digest Manifest,
    bool WasThere,
    ImmutableArray<PushedBlob> Blobs
);

/// <summary>Pushes composed images to a registry that speaks the OCI distribution API.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push.</remarks>
internal sealed class RegistryPush(ContentStore store, RegistryOptions options, IEngineObserver observer)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Pushes an image; the tag is set last, so that it never names an image that is not there.</summary>
    /// <param name="image">A composed image.</param>
    /// <param name="target">Where to; without a tag, with the tag of the image's own reference.</param>
    /// <param name="cancellationToken">Ends it; what has arrived is not sent again.</param>
    /// <exception cref="EngineException">
    /// The registry cannot be reached, or refuses; the message says what to do.
    /// </exception>
    public async Task<PushResult> PushAsync(
        ImageResult image,
        RegistryReference target,
        CancellationToken cancellationToken
    )
    {
        target = target.Tag is null
            ? target.WithTag(image.Reference[(image.Reference.LastIndexOf(':') + 1)..])
            : target;
        var blobs = Blobs(image);
        using var registry = new RegistryConnection(target, options, observer);
        var retries = new RetryPolicy(target.Host, options, observer);
        await retries.RunAsync(
            target.Host,
            async _ =>
            {
                await registry.OpenAsync(cancellationToken);
                return true;
            },
            cancellationToken
        );
        if (
            await retries.RunAsync(
                "manifest",
                _ => IsTaggedAsync(registry, target, image, cancellationToken),
                cancellationToken
            )
        )
            return new(
                target,
                image.Manifest,
                WasThere: true,
                [.. blobs.Select(x => new PushedBlob(x.Name, x.Digest, BlobArrival.Present))]
            );
        var pushed = await PushBlobsAsync(registry, retries, blobs, target, cancellationToken);
        await retries.RunAsync(
            "manifest",
            _ => PutManifestAsync(registry, target, image, cancellationToken),
            cancellationToken
        );
        return new(target, image.Manifest, WasThere: false, pushed);
    }

    private ImmutableArray<OutgoingBlob> Blobs(ImageResult image) =>
        [
            .. image
                .Layers.Select(x => new OutgoingBlob(x.Name, x.Blob, OciArchive.Find(x.Blob, store)))
                .DistinctBy(x => x.Digest),
            new("configuration", image.Configuration, OciArchive.Find(image.Configuration, store)),
        ];

    private async Task<ImmutableArray<PushedBlob>> PushBlobsAsync(
        RegistryConnection registry,
        RetryPolicy retries,
        ImmutableArray<OutgoingBlob> blobs,
        RegistryReference target,
        CancellationToken cancellationToken
    )
    {
        var pushed = new PushedBlob[blobs.Length];
        await Parallel.ForAsync(
            0,
            blobs.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Uploads, CancellationToken = cancellationToken },
            async (number, ended) =>
                pushed[number] = await PushBlobAsync(registry, retries, blobs[number], target, ended)
        );
        return [.. pushed];
    }

    private async Task<PushedBlob> PushBlobAsync(
        RegistryConnection registry,
        RetryPolicy retries,
        OutgoingBlob blob,
        RegistryReference target,
        CancellationToken cancellationToken
    )
    {
        var upload = new BlobUpload(registry, options, blob, Reporter(blob));
        var memory = new PushMemory(store, target.Host, blob.Digest);
        if (await retries.RunAsync(blob.Name, _ => upload.IsThereAsync(cancellationToken), cancellationToken))
            return Finish(BlobArrival.Present, null);
        foreach (var from in memory.Repositories.Where(x => x != target.Repository).Take(1))
            if (await retries.RunAsync(blob.Name, _ => upload.MountAsync(from, cancellationToken), cancellationToken))
                return Finish(BlobArrival.Mounted, from);
        await retries.RunAsync(
            blob.Name,
            async number =>
            {
                await upload.SendAsync(isRepeated: number > 1, cancellationToken);
                return true;
            },
            cancellationToken
        );
        return Finish(BlobArrival.Sent, null);

        PushedBlob Finish(BlobArrival arrival, string? from)
        {
            memory.Remember(target.Repository);
            observer.On(new BlobArrived(blob.Name, blob.Digest.Size, arrival, from));
            return new(blob.Name, blob.Digest, arrival);
        }
    }

    private Action<long> Reporter(OutgoingBlob blob)
    {
        long reported = 0;
        return bytes =>
        {
            if (reported != 0 && Stopwatch.GetElapsedTime(reported) < ReportInterval)
                return;
            reported = Stopwatch.GetTimestamp();
            observer.On(new BlobProgress(blob.Name, bytes, blob.Digest.Size));
        };
    }

    // A registry takes a manifest only when it has all that the manifest names, so one request tells all.
    private static async Task<bool> IsTaggedAsync(
        RegistryConnection registry,
        RegistryReference target,
        ImageResult image,
        CancellationToken cancellationToken
    )
    {
        using var response = await registry.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Head, registry.InRepository($"manifests/{target.Tag}"));
                request.Headers.Accept.Add(new(ImageConfiguration.ManifestType));
                return request;
            },
            cancellationToken
        );
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw await registry.RefusalAsync(response, $"say what '{target}' is", cancellationToken);
        return response.IsSuccessStatusCode && ContentDigest(response) == image.Manifest.Oci;
    }

    private async Task<bool> PutManifestAsync(
        RegistryConnection registry,
        RegistryReference target,
        ImageResult image,
        CancellationToken cancellationToken
    )
    {
        var manifest = await File.ReadAllBytesAsync(OciArchive.Find(image.Manifest, store), cancellationToken);
        using var response = await registry.SendAsync(
            () =>
            {
                var content = new ByteArrayContent(manifest);
                content.Headers.ContentType = new MediaTypeHeaderValue(ImageConfiguration.ManifestType);
                return new(HttpMethod.Put, registry.InRepository($"manifests/{target.Tag}")) { Content = content };
            },
            cancellationToken
        );
        if (!response.IsSuccessStatusCode)
            throw await registry.RefusalAsync(response, "take the manifest", cancellationToken);
        if (ContentDigest(response) is { } digest && digest != image.Manifest.Oci)
            throw new EngineException(
                $"The registry '{target.Host}' calls the manifest {digest}, but it is {image.Manifest}."
            );
        return true;
    }

    private static string? ContentDigest(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values.First() : null;
}
