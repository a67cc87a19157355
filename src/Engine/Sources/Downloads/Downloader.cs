using System.Collections.Concurrent;
using Recipes.Engine.Content;

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
    private readonly SocketsHttpHandler handler;
    private readonly HttpClient client;
    private readonly SemaphoreSlim slots;

    /// <summary>Hosts that did not answer: no further download waits for them.</summary>
    private readonly ConcurrentDictionary<string, string> unreachable = new(StringComparer.OrdinalIgnoreCase);

    public Downloader(ContentStore store, SourceOptions options, IEngineObserver observer)
    {
        (this.store, this.options, this.observer) = (store, options, observer);
        slots = new(options.Downloads);
        handler = new() { ConnectTimeout = options.ConnectTimeout };
        client = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("recipes");
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
        client.Dispose();
        handler.Dispose();
        slots.Dispose();
    }

    private bool IsHere(DownloadRequest request) =>
        !request.Expected.IsEmpty && store.FindBlob(request.Expected) is not null;

    private async Task<Digest> FromAnyAsync(DownloadRequest request, PartialFile part, CancellationToken cancellationToken)
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

    private async Task<Digest> FromAsync(DownloadRequest request, Uri url, PartialFile part, CancellationToken cancellationToken)
    {
        if (url.IsFile)
            return Take(request, part, CopyLocal(url, part));
        if (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            throw new PlaceException($"URLs with '{url.Scheme}:' are not downloaded; use https:");
        if (unreachable.TryGetValue(url.Authority, out var reason))
            throw new PlaceException(reason);
        if (IsWhole(request, part))
            return Take(request, part, request.Expected);
        var isMixed = part.Length > 0;
        await RetryAsync(request, url, part, cancellationToken);
        var digest = Digest.OfFile(part.Path);
        // Bytes from an earlier run or another place may be to blame, and not this server.
        if (isMixed && !request.Expected.IsEmpty && digest != request.Expected)
        {
            part.Discard();
            await RetryAsync(request, url, part, cancellationToken);
            digest = Digest.OfFile(part.Path);
        }
        return Take(request, part, digest);
    }

    /// <summary>True if an earlier process ended between the last byte and the store.</summary>
    private static bool IsWhole(DownloadRequest request, PartialFile part) =>
        !request.Expected.IsEmpty
        && File.Exists(part.Path)
        && part.Length == request.Expected.Size
        && Digest.OfFile(part.Path) == request.Expected;

    /// <summary>Moves the verified file into the store.</summary>
    private Digest Take(DownloadRequest request, PartialFile part, Digest digest)
    {
        if (!request.Expected.IsEmpty && digest != request.Expected)
        {
            part.Discard();
            throw new PlaceException(
                $"the file is another one: expected SHA-256 {request.Expected.Hash}, got {digest.Hash}"
            );
        }
        store.AddBlobFile(part.Path);
        part.SetOrigin("", "");
        return digest;
    }

    private static Digest CopyLocal(Uri url, PartialFile part)
    {
        try
        {
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

    private async Task RetryAsync(DownloadRequest request, Uri url, PartialFile part, CancellationToken cancellationToken)
    {
        var transfer = new Transfer(client, options, request, (bytes, total) => Report(request, url, bytes, total));
        var pause = options.FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await transfer.RunAsync(url, part, cancellationToken) == TransferEnd.Whole)
                    return;
                part.Discard();
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException or TimeoutException)
            {
                GiveUpOn(url, e);
                if (attempt >= options.Attempts)
                    throw new PlaceException($"{Innermost(e)} (tried {attempt} times)", e);
            }
            await Task.Delay(pause, cancellationToken);
            pause *= 2;
        }
    }

    /// <summary>A host without name or without connection will not answer a second later either.</summary>
    private void GiveUpOn(Uri url, Exception e)
    {
        var error = (e as HttpRequestException)?.HttpRequestError;
        if (error is HttpRequestError.SecureConnectionError)
            throw new PlaceException(Innermost(e), e);
        if (error is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError))
            return;
        var reason =
            error == HttpRequestError.NameResolutionError
                ? $"the host '{url.Host}' is not known here"
                : $"no connection to '{url.Host}': {Innermost(e)}";
        unreachable[url.Authority] = reason;
        throw new PlaceException(reason, e);
    }

    private static string Innermost(Exception e) =>
        (e is TimeoutException ? e : e.GetBaseException()).Message.TrimEnd('.');

    private void Report(DownloadRequest request, Uri url, long bytes, long? total) =>
        observer.On(new DownloadProgress(request.Name, bytes, total, url.AbsoluteUri));
}
