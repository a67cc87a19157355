using System.Globalization;
using System.Net;
using Recipes.Engine.Content;
using Recipes.Engine.Http;

namespace Recipes.Engine.Registries.Pushing;

/// <summary>A blob of an image on its way to a registry.</summary>
/// <param name="Name">For events and messages.</param>
/// <param name="Digest">Its name there, and its size.</param>
/// <param name="Path">The file that holds it.</param>
internal sealed record OutgoingBlob(string Name, Digest Digest, string Path);

/// <summary>
/// Brings one blob to a registry, in as few bytes as may be: not at all if it is there, by a mount from another
/// repository, else in one request or, if it is large, in chunks. After a fault the registry is asked how much of it
/// has arrived.
/// </summary>
/// <remarks>
/// https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs; upload status:
/// https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-a-blob-in-chunks.
/// </remarks>
internal sealed class BlobUpload(
    RegistryConnection registry,
    RegistryOptions options,
    OutgoingBlob blob,
    Action<long> progress
)
{
    private readonly string digest = blob.Digest.Oci;
    private Uri? session;
    private long offset;
    private long chunkSize = options.ChunkSize;

    /// <summary>True if the registry has the blob.</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        using var response = await registry.SendAsync(
            () => new(HttpMethod.Head, registry.InRepository($"blobs/{digest}")),
            cancellationToken
        );
        if (response.IsSuccessStatusCode)
            return true;
        // A repository that is not there yet has no blobs either.
        return response.StatusCode == HttpStatusCode.NotFound
            ? false
            : throw await registry.RefusalAsync(response, $"say whether it has {Named}", cancellationToken);
    }

    /// <summary>Asks the registry to take the blob from another of its repositories.</summary>
    /// <returns>False if it does not; it may then have opened an upload, which is used.</returns>
    public async Task<bool> MountAsync(string from, CancellationToken cancellationToken)
    {
        var address = registry.InRepository(
            $"blobs/uploads/?mount={Uri.EscapeDataString(digest)}&from={Uri.EscapeDataString(from)}"
        );
        using var response = await registry.SendAsync(
            () => new(HttpMethod.Post, address),
            cancellationToken,
            alsoPulls: from
        );
        if (response.StatusCode == HttpStatusCode.Created)
            return true;
        if (response.StatusCode == HttpStatusCode.Accepted)
            Open(response);
        return false;
    }

    /// <summary>One try to send what is missing; a later one goes on where it ended.</summary>
    /// <param name="isRepeated">True after a fault.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task SendAsync(bool isRepeated, CancellationToken cancellationToken)
    {
        if (isRepeated && await IsThereAsync(cancellationToken))
            return;
        if (isRepeated && session is not null)
            await AskStateAsync(cancellationToken);
        if (session is null)
            await StartAsync(cancellationToken);
        if (offset == 0 && blob.Digest.Size <= chunkSize)
        {
            await FinishAsync(() => Content(0, blob.Digest.Size), cancellationToken);
            return;
        }
        while (offset < blob.Digest.Size)
            await SendChunkAsync(cancellationToken);
        await FinishAsync(() => new ByteArrayContent([]), cancellationToken);
    }

    private string Named => blob.Name == "configuration" ? "the configuration" : $"the layer '{blob.Name}'";

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        using var response = await registry.SendAsync(
            () => new(HttpMethod.Post, registry.InRepository("blobs/uploads/")),
            cancellationToken
        );
        if (response.StatusCode != HttpStatusCode.Accepted)
            throw await registry.RefusalAsync(response, $"take {Named}", cancellationToken);
        Open(response);
    }

    private void Open(HttpResponseMessage response)
    {
        (session, offset) = (null, 0);
        Move(response);
        if (session is null)
            throw new EngineException($"The registry opens an upload for {Named}, but does not say where.");
        if (
            response.Headers.TryGetValues("OCI-Chunk-Min-Length", out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var least)
        )
            chunkSize = Math.Max(chunkSize, least);
    }

    private async Task SendChunkAsync(CancellationToken cancellationToken)
    {
        var length = Math.Min(chunkSize, blob.Digest.Size - offset);
        using var response = await registry.SendAsync(() => Chunk(length), cancellationToken);
        // The registry has more or less than we think, and says how much.
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            throw await registry.PassingAsync(response, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw await LostAsync(response, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Accepted)
            throw await registry.RefusalAsync(response, $"take {Named}", cancellationToken);
        offset += length;
        Move(response);
    }

    private HttpRequestMessage Chunk(long length)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, session) { Content = Content(offset, length) };
        // Without the unit that RFC 9110 has here: so the distribution API writes it.
        request.Content.Headers.TryAddWithoutValidation(
            "Content-Range",
            string.Create(CultureInfo.InvariantCulture, $"{offset}-{offset + length - 1}")
        );
        return request;
    }

    private async Task FinishAsync(Func<HttpContent> rest, CancellationToken cancellationToken)
    {
        var separator = session!.Query.Length > 0 ? '&' : '?';
        var address = new Uri($"{session.AbsoluteUri}{separator}digest={Uri.EscapeDataString(digest)}");
        using var response = await registry.SendAsync(
            () => new(HttpMethod.Put, address) { Content = rest() },
            cancellationToken
        );
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw await LostAsync(response, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw await registry.RefusalAsync(response, $"take {Named}", cancellationToken);
    }

    private BlobContent Content(long start, long length)
    {
        var content = new BlobContent(blob.Path, start, length);
        content.Moved += () => progress(start + content.Sent);
        return content;
    }

    // https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md: "GET
    // /v2/<name>/blobs/uploads/<reference>".
    private async Task AskStateAsync(CancellationToken cancellationToken)
    {
        using var response = await registry.SendAsync(() => new(HttpMethod.Get, session), cancellationToken);
        if (response.StatusCode != HttpStatusCode.NoContent)
        {
            session = null;
            return;
        }
        var range = response.Headers.TryGetValues("Range", out var values) ? values.First().Split('=')[^1] : "";
        var end =
            range.Length > 0
            && long.TryParse(range.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                ? last
                : 0;
        // Nothing is written as 0-0, like a single byte.
        offset = end == 0 ? 0 : Math.Min(end, blob.Digest.Size) + 1;
        Move(response);
        if (offset > blob.Digest.Size)
            (session, offset) = (null, 0);
        progress(offset);
    }

    private async Task<Exception> LostAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        session = null;
        return await registry.PassingAsync(response, cancellationToken);
    }

    // Each answer says where the next request goes.
    private void Move(HttpResponseMessage response) => session = registry.Next(response) ?? session;
}
