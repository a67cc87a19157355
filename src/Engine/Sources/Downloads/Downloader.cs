using Recipes.Engine.Content;
using Recipes.Engine.Http;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>
/// Brings files into the store: one place after the other, each with patience for faults that pass, going on where an
/// earlier try ended. Nothing is used before its SHA-256 was compared.
/// </summary>
internal sealed class Downloader : IDisposable
{
    private readonly ContentStore store;
    private readonly SourceOptions options;
    private readonly IEngineObserver observer;
    private readonly HttpExchange exchange;
    private readonly SemaphoreSlim slots;

    private readonly Hosts hosts = new();

    public Downloader(ContentStore store, SourceOptions options, IEngineObserver observer)
    {
        (this.store, this.options, this.observer) = (store, options, observer);
        slots = new(options.Downloads);
        exchange = new(options);
    }

    /// <summary>Brings one file into the store, if it is not there.</summary>
    /// <returns>Its digest: the expected one where that is known.</returns>
    /// <exception cref="EngineException">No place has it; the message lists each with its reason.</exception>
    public async Task<Digest> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        if (IsHere(request))
            return request.Expected;
        await slots.WaitAsync(cancellationToken);
        try
        {
            using var part = await PartialFile.OpenAsync(store, request.Key, cancellationToken);
            // Another process may have been faster.
            return IsHere(request) ? request.Expected : await FromAnyAsync(request, part, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The download of '{request.Name}' cannot be written: {e.Message}", e);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        exchange.Dispose();
        slots.Dispose();
    }

    private bool IsHere(DownloadRequest request) =>
        !request.Expected.IsEmpty && store.FindBlob(request.Expected) is not null;

    private async Task<Digest> FromAnyAsync(
        DownloadRequest request,
        PartialFile part,
        CancellationToken cancellationToken
    )
    {
        var reasons = new List<string>();
        var tried = new HashSet<Uri>();
        await foreach (var url in request.Places.WithCancellation(cancellationToken))
        {
            if (!tried.Add(url))
                continue;
            try
            {
                var digest = await FromAsync(request, url, part, cancellationToken);
                observer.On(new DownloadFinished(request.Name, digest.Size, url.AbsoluteUri));
                return digest;
            }
            catch (PlaceException e)
            {
                reasons.Add($"\n  {url.AbsoluteUri}: {e.Message}");
                observer.On(new DownloadRefused(request.Name, url.AbsoluteUri, e.Message));
            }
        }
        throw new EngineException($"'{request.Name}' could not be downloaded from any place:{string.Concat(reasons)}");
    }

    private async Task<Digest> FromAsync(
        DownloadRequest request,
        Uri url,
        PartialFile part,
        CancellationToken cancellationToken
    )
    {
        if (!url.IsFile && !WebAddress.IsWeb(url))
            throw new PlaceException($"URLs with '{url.Scheme}:' are not downloaded; use https:");
        var digest =
            url.IsFile ? CopyLocal(request, url, part)
            : IsWhole(request, part) ? request.Expected
            : await new Place(exchange, options, observer, hosts).DownloadAsync(request, url, part, cancellationToken);
        return await TakeAsync(request, url, part, digest, cancellationToken);
    }

    /// <summary>True if an earlier process ended between the last byte and the store.</summary>
    private static bool IsWhole(DownloadRequest request, PartialFile part) =>
        !request.Expected.IsEmpty
        && File.Exists(part.Path)
        && part.Length == request.Expected.Size
        && Digest.OfFile(part.Path) == request.Expected;

    /// <summary>Moves the verified file into the store.</summary>
    private async Task<Digest> TakeAsync(
        DownloadRequest request,
        Uri url,
        PartialFile part,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (!request.Expected.IsEmpty && digest != request.Expected)
                throw new PlaceException($"the file is another one: expected {request.Expected.Oci}, got {digest.Oci}");
            if (request.Check is not null)
                await request.Check(url, part.Path, cancellationToken);
        }
        catch (PlaceException)
        {
            part.Discard();
            throw;
        }
        store.AddBlobFile(part.Path);
        part.SetOrigin("", "");
        return digest;
    }

    private static Digest CopyLocal(DownloadRequest request, Uri url, PartialFile part)
    {
        try
        {
            var size = new FileInfo(url.LocalPath) is { Exists: true, Length: var length } ? length : 0;
            if (request.Expected.IsEmpty && size > request.Limit)
                throw new PlaceException(
                    $"the file has {size} bytes, and {request.Limit} are the most that it may have"
                );
            File.Copy(url.LocalPath, part.Path, overwrite: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PlaceException("there is no such file", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PlaceException("the file cannot be read", e);
        }
        return Digest.OfFile(part.Path);
    }
}
