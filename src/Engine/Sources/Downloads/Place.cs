using Recipes.Engine.Content;
using Recipes.Engine.Http;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>
/// One place that a file is asked for: again after faults that may pass, and from its first byte at most once more.
/// </summary>
/// <param name="exchange">Sends the requests.</param>
/// <param name="options">How patient it is.</param>
/// <param name="observer">Is told how it goes on.</param>
/// <param name="hosts">Those that did not answer.</param>
internal sealed class Place(HttpExchange exchange, SourceOptions options, IEngineObserver observer, Hosts hosts)
{
    /// <summary>Brings the file; it is not judged yet, except by a known digest.</summary>
    /// <exception cref="PlaceException">The place does not have it, or has another one.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task<Digest> DownloadAsync(
        DownloadRequest request,
        Uri url,
        PartialFile part,
        CancellationToken cancellationToken
    )
    {
        if (hosts.Fault(url) is { } reason)
            throw new PlaceException(reason);
        for (var isAnew = false; ; isAnew = true)
        {
            // Bytes from an earlier run or another place may be to blame for a wrong hash, and not this server.
            var isMixed = part.Length > 0;
            if (await TryAsync(request, url, part, cancellationToken) == TransferEnd.Whole)
            {
                var digest = Digest.OfFile(part.Path);
                if (!isMixed || isAnew || request.Expected.IsEmpty || digest == request.Expected)
                    return digest;
            }
            else if (isAnew)
                throw new PlaceException("the parts that the server sends are not those that it is asked for");
            part.Discard();
        }
    }

    private async Task<TransferEnd> TryAsync(
        DownloadRequest request,
        Uri url,
        PartialFile part,
        CancellationToken cancellationToken
    )
    {
        var transfer = new Transfer(exchange, options, request, (bytes, total) =>
        {
            hosts.Answered(url);
            observer.On(new DownloadProgress(request.Name, bytes, total, url.AbsoluteUri));
        });
        try
        {
            return await new Retries(options, observer).RunAsync(
                request.Name,
                async _ =>
                {
                    try
                    {
                        return await transfer.RunAsync(url, part, cancellationToken);
                    }
                    catch (HttpRequestException e)
                    {
                        GiveUpOn(url, e);
                        throw;
                    }
                },
                cancellationToken
            );
        }
        catch (GaveUpException e)
        {
            var reason = $"{e.Message} (tried {e.Tries} times)";
            if (e.InnerException is TimeoutException)
                hosts.TookTooLong(url, reason);
            throw new PlaceException(reason, e);
        }
    }

    /// <summary>A host without name or without connection will not answer a second later either.</summary>
    private void GiveUpOn(Uri url, HttpRequestException e)
    {
        if (e.HttpRequestError is HttpRequestError.SecureConnectionError)
            throw new PlaceException(Retries.Clause(e), e);
        if (e.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError))
            return;
        var reason =
            e.HttpRequestError == HttpRequestError.NameResolutionError
                ? $"cannot resolve the host '{url.Host}'"
                : $"no connection to '{url.Host}': {Retries.Clause(e)}";
        hosts.GiveUp(url, reason);
        throw new PlaceException(reason, e);
    }
}
