using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Recipes.Engine.Http;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>How one request for the bytes ended.</summary>
internal enum TransferEnd
{
    /// <summary>All bytes are here.</summary>
    Whole,

    /// <summary>The server does not go on where we are: the bytes have to be dropped.</summary>
    StartAnew,
}

/// <summary>One HTTP request that adds to a partial file what is missing.</summary>
/// <remarks>Ranges and their conditions: RFC 9110, sections 13.1.5 and 14.</remarks>
internal sealed class Transfer(
    HttpExchange exchange,
    SourceOptions options,
    DownloadRequest request,
    Action<long, long?> progress
)
{
    /// <summary>Asks for the rest of the file, or for all of it.</summary>
    /// <exception cref="PlaceException">It is of no use to ask here again.</exception>
    /// <exception cref="PassingFaultException">It may be of use to ask again.</exception>
    /// <exception cref="HttpRequestException">The same: there is no answer, or it ended too early.</exception>
    /// <exception cref="TimeoutException">Too little came for too long.</exception>
    /// <exception cref="IOException">The bytes cannot be written.</exception>
    public async Task<TransferEnd> RunAsync(Uri url, PartialFile part, CancellationToken cancellationToken)
    {
        var isSame = string.Equals(part.Url, url.AbsoluteUri, StringComparison.Ordinal) && part.Validator.Length > 0;
        var offset = Offset(part, isSame);
        using var response = await SendAsync(url, offset, isSame ? part.Validator : null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && offset > 0)
            return TransferEnd.StartAnew;
        CheckStatus(response);
        if (response.StatusCode != HttpStatusCode.PartialContent)
            offset = 0;
        else if (!IsRest(response, offset))
            return TransferEnd.StartAnew;
        var total = response.Content.Headers.ContentLength + offset ?? response.Content.Headers.ContentRange?.Length;
        CheckSize(total);
        part.SetOrigin(url.AbsoluteUri, Validator(response));
        await CopyAsync(response, part, offset, total, cancellationToken);
        return TransferEnd.Whole;
    }

    /// <summary>
    /// A known hash tells at the end whether bytes of two places belong together; else the server has to.
    /// </summary>
    private long Offset(PartialFile part, bool isSame) =>
        part.Length is var here && (!request.Expected.IsEmpty || isSame) && here < request.MaximumLength ? here : 0;

    private async Task<HttpResponseMessage> SendAsync(
        Uri url,
        long offset,
        string? validator,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await exchange.SendAsync(
                () =>
                {
                    var message = new HttpRequestMessage(HttpMethod.Get, url);
                    if (offset == 0)
                        return message;
                    message.Headers.Range = new RangeHeaderValue(offset, null);
                    if (validator is not null)
                        message.Headers.TryAddWithoutValidation("If-Range", validator);
                    return message;
                },
                Secrets.None,
                cancellationToken
            );
        }
        catch (RedirectException e)
        {
            throw new PlaceException(e.Message, e);
        }
    }

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
            )
            .TrimEnd();
        throw PassingFaultException.MayPass(response.StatusCode)
            ? new PassingFaultException(answer, PassingFaultException.RetryAfter(response, DateTimeOffset.UtcNow))
            : new PlaceException(answer);
    }

    /// <summary>
    /// True if a partial answer is what was asked for: the rest of the file, from the first byte that is missing to the
    /// last.
    /// </summary>
    private bool IsRest(HttpResponseMessage response, long offset) =>
        response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from, To: { } to } range
        && from == offset
        && to - from + 1 == (response.Content.Headers.ContentLength ?? to - from + 1)
        && to + 1 == (request.Expected.IsEmpty ? range.Length : request.Expected.Size)
        && (range.Length ?? to + 1) == to + 1;

    private void CheckSize(long? total)
    {
        if (total is not { } size)
            return;
        if (!request.Expected.IsEmpty && size != request.Expected.Size)
            throw new PlaceException($"the file has {size} bytes, expected {request.Expected.Size}");
        if (size > request.MaximumLength)
            throw TooLong($"has {size} bytes");
    }

    private PlaceException TooLong(string what) =>
        request.Expected.IsEmpty
            ? new($"the file {what}, and {request.Limit} are the most that it may have")
            : new($"the file has more than the expected {request.Expected.Size} bytes");

    private async Task CopyAsync(
        HttpResponseMessage response,
        PartialFile part,
        long offset,
        long? total,
        CancellationToken cancellationToken
    )
    {
        using var guard = new RateGuard(options, total - offset, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var file = part.Append(offset);
        var buffer = new byte[1 << 17];
        var reported = Stopwatch.GetTimestamp();
        progress(offset, total);
        while (await ReadAsync(guard, body, buffer) is > 0 and var read)
        {
            if (offset + read > request.MaximumLength)
                throw TooLong("has more bytes than that");
            await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            offset += read;
            if (Stopwatch.GetElapsedTime(reported) < TimeSpan.FromMilliseconds(200))
                continue;
            reported = Stopwatch.GetTimestamp();
            progress(offset, total);
        }
        progress(offset, total);
        if (offset < total)
            throw new HttpRequestException(
                HttpRequestError.ResponseEnded,
                $"the answer ended after {offset} of {total} bytes"
            );
    }

    // To read and to write fail with one kind of exception, and differ in who is to blame.
    private static async Task<int> ReadAsync(RateGuard guard, Stream body, Memory<byte> buffer)
    {
        try
        {
            return await guard.ReadAsync(body, buffer);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, e.GetBaseException().Message, e);
        }
    }
}
