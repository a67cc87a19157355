using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Recipes.Engine.Http;

/// <summary>What a request shows of who asks, and where that may go.</summary>
/// <param name="Header">Shown to the first address and, after a redirect, to its origin alone; null for none.</param>
/// <param name="IsBound">
/// True if no other origin is asked at all, as where the body or what comes back is a secret too.
/// </param>
internal readonly record struct Secrets(AuthenticationHeaderValue? Header, bool IsBound = false)
{
    /// <summary>A request of nobody in particular.</summary>
    public static Secrets None => default;
}

/// <summary>
/// Sends requests, with a limit of time on the connection and on the head of the answer, and follows redirects by one
/// rule: only to <c>http:</c> and <c>https:</c>, never from TLS to plain HTTP, so many at most, and with credentials to
/// the same origin alone.
/// </summary>
internal sealed class HttpExchange : IDisposable
{
    private readonly TransferOptions options;
    private readonly SocketsHttpHandler handler;
    private readonly HttpClient client;

    /// <param name="options">How patient it is.</param>
    /// <param name="configure">Sets up the handler further.</param>
    public HttpExchange(TransferOptions options, Action<SocketsHttpHandler>? configure = null)
    {
        this.options = options;
        handler = new() { ConnectTimeout = options.ConnectTimeout, AllowAutoRedirect = false };
        if (options.OnlyAuthority is { } authority)
            handler.SslOptions.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        configure?.Invoke(handler);
        client = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("recipes");
    }

    /// <summary>
    /// Sends a request until something else than a redirect answers; the body is still to be read, and within limits.
    /// </summary>
    /// <param name="make">Makes the request; called for each redirect too.</param>
    /// <param name="secrets">What it shows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RedirectException">It leads somewhere that is not asked.</exception>
    /// <exception cref="TimeoutException">No answer began in time.</exception>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make,
        Secrets secrets,
        CancellationToken cancellationToken
    )
    {
        Uri? origin = null;
        Uri? next = null;
        for (var count = 0; ; count++)
        {
            using var request = make();
            request.RequestUri = next ?? request.RequestUri!;
            if (!WebAddress.IsWeb(request.RequestUri))
                throw new RedirectException($"URLs with '{request.RequestUri.Scheme}:' are not asked; use https:");
            origin ??= request.RequestUri;
            // Who has led elsewhere chose the address behind it: nothing is shown again, though it leads back.
            if (!WebAddress.IsSameOrigin(origin, request.RequestUri))
                secrets = Secrets.None;
            request.Headers.Authorization = secrets.Header;
            var response = await OnceAsync(request, next is not null, cancellationToken);
            if (!IsRedirect(response.StatusCode))
                return response;
            using (response)
                next = Next(response, request, count, origin, secrets);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        handler.Dispose();
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status
            is HttpStatusCode.MovedPermanently
                or HttpStatusCode.Found
                or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect;

    private Uri Next(HttpResponseMessage response, HttpRequestMessage request, int count, Uri origin, Secrets secrets)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}")
            .TrimEnd();
        var next = WebAddress.Location(response)
            ?? throw new RedirectException($"it answers {status} without saying where to");
        if (count >= options.Redirects)
            throw new RedirectException(
                string.Create(CultureInfo.InvariantCulture, $"it redirects more than {options.Redirects} times")
            );
        if (request.RequestUri!.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp)
            throw new RedirectException(
                $"it redirects from https: to {next.GetLeftPart(UriPartial.Path)}, which is not protected, and not "
                    + $"followed"
            );
        if (secrets.IsBound && !WebAddress.IsSameOrigin(origin, next))
            throw new RedirectException(
                $"it redirects to {next.GetLeftPart(UriPartial.Authority)}, where credentials for "
                    + $"{origin.GetLeftPart(UriPartial.Authority)} are not sent"
            );
        // The older ones turn what is sent into a question (RFC 9110, section 15.4).
        if (
            request.Method != HttpMethod.Get
            && request.Method != HttpMethod.Head
            && response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
        )
            throw new RedirectException(
                $"it answers {request.Method} with {status} to {next.GetLeftPart(UriPartial.Path)}, which would "
                    + $"turn it into a GET"
            );
        return next;
    }

    private async Task<HttpResponseMessage> OnceAsync(
        HttpRequestMessage request,
        bool isRedirected,
        CancellationToken cancellationToken
    )
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Postpone() => stall.CancelAfter(options.StallTimeout);
        var moving = request.Content as IMovingContent;
        if (moving is not null)
            moving.Moved += Postpone;
        Postpone();
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        }
        // The error of a connection would be taken for one of the host that was asked.
        catch (HttpRequestException e) when (isRedirected)
        {
            throw new HttpRequestException(
                $"it redirects to {request.RequestUri!.GetLeftPart(UriPartial.Authority)}: {Retries.Clause(e)}"
            );
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler says in this way too that no connection could be made.
            if (e.InnerException is TimeoutException && !stall.IsCancellationRequested)
                throw new HttpRequestException(
                    HttpRequestError.ConnectionError,
                    "no connection within the time allowed",
                    e
                );
            throw new TimeoutException(
                $"no data {(moving is null ? "received" : "moved")} for {RateGuard.Seconds(options.StallTimeout)}",
                e
            );
        }
        finally
        {
            if (moving is not null)
                moving.Moved -= Postpone;
        }
    }
}
