using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>How one request for the bytes ended.</summary>
internal enum TransferEnd
{
    /// <summary>All bytes are here.</summary>
    Whole,

    /// <summary>The server cannot go on where we are: the bytes have to be dropped.</summary>
    StartAnew,
}

/// <summary>One HTTP request that adds to a partial file what is missing.</summary>
/// <remarks>Ranges and their conditions: RFC 9110, sections 13.1.5 and 14.</remarks>
internal sealed class Transfer(HttpClient client, SourceOptions options, DownloadRequest request, Action<long, long?> progress)
{
    /// <summary>Asks for the rest of the file, or for all of it.</summary>
    /// <exception cref="PlaceException">It is of no use to ask here again.</exception>
    /// <exception cref="HttpRequestException">It may be of use to ask again.</exception>
    /// <exception cref="IOException">The connection ended, or the disk is full.</exception>
    /// <exception cref="TimeoutException">Nothing came for too long.</exception>
    public async Task<TransferEnd> RunAsync(Uri url, PartialFile part, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            stall.CancelAfter(options.StallTimeout + options.ConnectTimeout);
            using var message = Ask(url, part, out var offset);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && offset > 0)
                return TransferEnd.StartAnew;
            CheckStatus(response);
            if (response.StatusCode != HttpStatusCode.PartialContent)
                offset = 0;
            else if (response.Content.Headers.ContentRange?.From is { } from && from != offset)
                return TransferEnd.StartAnew;
            var total = response.Content.Headers.ContentLength + offset;
            CheckSize(total);
            part.SetOrigin(url.AbsoluteUri, Validator(response));
            await CopyAsync(response, part, offset, total, stall);
            return TransferEnd.Whole;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler says in this way too that no connection could be made.
            if (e.InnerException is TimeoutException && !stall.IsCancellationRequested)
                throw new HttpRequestException(HttpRequestError.ConnectionError, "no connection within the time allowed", e);
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"nothing came for {options.StallTimeout.TotalSeconds:0.#} s"),
                e
            );
        }
    }

    private HttpRequestMessage Ask(Uri url, PartialFile part, out long offset)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, url);
        var isSame = string.Equals(part.Url, url.AbsoluteUri, StringComparison.Ordinal) && part.Validator.Length > 0;
        offset = part.Length;
        // A known hash tells at the end whether bytes of two places belong together; else the server has to.
        if (offset == 0 || (request.Expected.IsEmpty && !isSame) || offset >= MaximumLength)
        {
            offset = 0;
            return message;
        }
        message.Headers.Range = new RangeHeaderValue(offset, null);
        if (isSame)
            message.Headers.TryAddWithoutValidation("If-Range", part.Validator);
        return message;
    }

    private long MaximumLength => request.Expected.IsEmpty ? long.MaxValue : request.Expected.Size;

    private static string Validator(HttpResponseMessage response)
    {
        if (response.Headers.ETag is { IsWeak: false } tag)
            return tag.Tag;
        return response.Content.Headers.LastModified?.ToString("r", CultureInfo.InvariantCulture) ?? "";
    }

    private static void CheckStatus(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
            return;
        var answer = string.Create(
            CultureInfo.InvariantCulture,
            $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}"
        ).TrimEnd();
        var mayPass = response.StatusCode
            is HttpStatusCode.RequestTimeout
                or HttpStatusCode.TooManyRequests
                or >= HttpStatusCode.InternalServerError;
        throw mayPass ? new HttpRequestException(answer, null, response.StatusCode) : new PlaceException(answer);
    }

    private void CheckSize(long? total)
    {
        if (!request.Expected.IsEmpty && total is { } size && size != request.Expected.Size)
            throw new PlaceException($"the file has {size} bytes, expected {request.Expected.Size}");
    }

    private async Task CopyAsync(
        HttpResponseMessage response,
        PartialFile part,
        long offset,
        long? total,
        CancellationTokenSource stall
    )
    {
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        await using var file = part.Append(offset);
        var buffer = new byte[1 << 17];
        var reported = Stopwatch.GetTimestamp();
        progress(offset, total);
        while (true)
        {
            stall.CancelAfter(options.StallTimeout);
            var read = await body.ReadAsync(buffer, stall.Token);
            if (read == 0)
                break;
            await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            offset += read;
            if (offset > MaximumLength)
                throw new PlaceException($"the file has more than the expected {request.Expected.Size} bytes");
            if (Stopwatch.GetElapsedTime(reported) < TimeSpan.FromMilliseconds(200))
                continue;
            reported = Stopwatch.GetTimestamp();
            progress(offset, total);
        }
        progress(offset, total);
    }
}
