using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Recipes.Engine.Http;
using Recipes.Engine.Registries.Authorization;

namespace Recipes.Engine.Registries.Pushing;

/// <summary>Sends requests about one repository to its registry, as someone who may push there.</summary>
internal sealed class RegistryConnection : IDisposable
{
    private readonly RegistryReference target;
    private readonly RegistryOptions options;
    private readonly HttpExchange exchange;
    private readonly RegistryAuthorization authorization;
    private readonly string[] scopes;
    private Uri root;
    private bool isCertificateBad;

    public RegistryConnection(RegistryReference target, RegistryOptions options, IEngineObserver observer)
    {
        (this.target, this.options) = (target, options);
        scopes = [$"repository:{target.Repository}:pull,push"];
        root = new($"https://{target.Endpoint}/");
        exchange = new(options, handler => handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) =>
            {
                isCertificateBad |= errors != SslPolicyErrors.None;
                return errors == SslPolicyErrors.None;
            });
        authorization = new(exchange, target, options, observer);
    }

    /// <summary>Finds out that a registry answers, over TLS or, where that is allowed, plain HTTP.</summary>
    /// <exception cref="EngineException">None does; the message says what does instead.</exception>
    /// <exception cref="PassingFaultException">It may a little later.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var faults = new List<Exception>();
        foreach (var scheme in Schemes())
        {
            root = new($"{scheme}://{target.Endpoint}/");
            try
            {
                await AskVersionAsync(cancellationToken);
                return;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.NameResolutionError)
            {
                throw new EngineException($"Cannot resolve the registry '{target.Host}': {Retries.Clause(e)}.", e);
            }
            catch (Exception e)
                when (e
                        is TimeoutException
                            or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
                )
            {
                throw new EngineException($"No connection to the registry '{target.Host}': {Retries.Clause(e)}.", e);
            }
            // A TLS server has its own answers to plain HTTP, as a plain one to TLS.
            catch (Exception e) when (e is HttpRequestException or EngineException)
            {
                faults.Add(e);
            }
        }
        throw Explain(faults);
    }

    /// <summary>The address of a path, such as <c>/v2/app/blobs/…</c>.</summary>
    public Uri Address(string path) => new(root, path);

    /// <summary>The address of something in the repository.</summary>
    public Uri InRepository(string path) => Address($"/v2/{target.Repository}/{path}");

    /// <summary>Where an answer sends the next request, or null.</summary>
    /// <exception cref="RedirectException">Nowhere that can be asked.</exception>
    public Uri? Next(HttpResponseMessage response)
    {
        if (WebAddress.Location(response) is not { } next)
            return null;
        // A registry behind a proxy may not know of the TLS that the proxy takes off.
        return root.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp
            ? new UriBuilder(next) { Scheme = Uri.UriSchemeHttps, Port = next.IsDefaultPort ? -1 : next.Port }.Uri
            : next;
    }

    /// <summary>Sends a request, and once more if the registry first wants to know who asks.</summary>
    /// <param name="make">Makes the request; called for each try.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="alsoPulls">Another repository that the request reads from.</param>
    /// <returns>The answer, also if it is a refusal.</returns>
    /// <exception cref="PassingFaultException">The registry may answer otherwise a little later.</exception>
    /// <exception cref="TimeoutException">Nothing moved for too long.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make,
        CancellationToken cancellationToken,
        string? alsoPulls = null
    )
    {
        string[] wanted = alsoPulls is null ? scopes : [.. scopes, $"repository:{alsoPulls}:pull"];
        using (var first = make())
        {
            // Uploads may go to another host, which knows us by the address alone.
            if (!IsOurs(first.RequestUri!))
                return await PassAsync(
                    await exchange.SendAsync(make, Secrets.None, cancellationToken),
                    cancellationToken
                );
        }
        var shown = await authorization.HeaderAsync(wanted, cancellationToken);
        var response = await exchange.SendAsync(make, new(shown), cancellationToken);
        // Whoever it redirected to may ask for credentials too, and gets none.
        if (response.StatusCode != HttpStatusCode.Unauthorized || !IsOurs(response.RequestMessage!.RequestUri!))
            return await PassAsync(response, cancellationToken);
        await KeepAsync(response, cancellationToken);
        await authorization.LearnAsync(response, shown, wanted, cancellationToken);
        var renewed = await authorization.HeaderAsync(wanted, cancellationToken);
        if (renewed is null || renewed.Equals(shown))
            return response;
        response.Dispose();
        return await PassAsync(await exchange.SendAsync(make, new(renewed), cancellationToken), cancellationToken);
    }

    /// <summary>Turns an answer that is of no use into a message.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">
    /// What was asked for, to follow "The registry … does not": <c>take the layer 'zlib'</c>.
    /// </param>
    /// <param name="cancellationToken">Ends reading it.</param>
    public async Task<EngineException> RefusalAsync(
        HttpResponseMessage response,
        string what,
        CancellationToken cancellationToken
    )
    {
        var answer = await RegistryAnswer.DescribeAsync(response, options.StallTimeout, cancellationToken);
        if (response.RequestMessage!.RequestUri is { } asked && !IsOurs(asked))
            return new(
                $"The registry '{target.Host}' does not {what}: it sends to "
                    + $"{asked.GetLeftPart(UriPartial.Authority)}, which answers {answer}. No credentials are shown "
                    + $"there."
            );
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            return authorization.Refusal(answer);
        MessageText advice = response.StatusCode switch
        {
            HttpStatusCode.Forbidden => $" Whoever is logged in there may not push to '{target.Repository}'.",
            HttpStatusCode.NotFound => $" Perhaps the repository '{target.Repository}' has to be made there first.",
            HttpStatusCode.MethodNotAllowed => " It may be read-only, or a mirror.",
            HttpStatusCode.RequestEntityTooLarge => " It, or a proxy before it, allows no requests of this size.",
            HttpStatusCode.InsufficientStorage => " It has no room left.",
            _ when answer.Contains("DIGEST_INVALID", StringComparison.Ordinal) => (MessageText)
                $" Something else arrived than was sent, or the store is damaged: "
                + $"{new Remedy(RemedyKind.VerifyStore)}.",
            _ => "",
        };
        return new($"The registry '{target.Host}' does not {what}: it answers {answer}.{advice}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        authorization.Dispose();
        exchange.Dispose();
    }

    // A registry on this machine rarely has a certificate; elsewhere nothing is sent in the clear that need not be.
    private string[] Schemes() =>
        target.IsLoopback ? ["http", "https"]
        : options.AllowsPlainHttp ? ["https", "http"]
        : ["https"];

    private async Task AskVersionAsync(CancellationToken cancellationToken)
    {
        using var response = await PassAsync(
            await exchange.SendAsync(() => new(HttpMethod.Get, Address("/v2/")), Secrets.None, cancellationToken),
            cancellationToken
        );
        if (response.StatusCode == HttpStatusCode.Unauthorized && IsOurs(response.RequestMessage!.RequestUri!))
            await authorization.LearnAsync(response, null, [], cancellationToken);
        else if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType == "text/html")
            throw NoRegistry(await RegistryAnswer.DescribeAsync(response, options.StallTimeout, cancellationToken));
    }

    private EngineException Explain(List<Exception> faults)
    {
        var insecure = faults
            .OfType<HttpRequestException>()
            .FirstOrDefault(x => x.HttpRequestError == HttpRequestError.SecureConnectionError);
        if (isCertificateBad)
            return new(
                $"The certificate of the registry '{target.Host}' is not trusted here: {Retries.Clause(insecure!)}. "
                    + $"Add its authority to this machine's, or name it in SSL_CERT_FILE.",
                insecure
            );
        if (faults.OfType<EngineException>().FirstOrDefault() is { } answered)
            return answered;
        return insecure is not null && faults.Count == 1
            ? new(
                $"The registry '{target.Host}' does not speak TLS: {Retries.Clause(insecure)}. If it is to be "
                    + $"spoken to in the clear, {new Remedy(RemedyKind.AllowInsecure)}.",
                insecure
            )
            : NoRegistry(Retries.Clause(faults[0]));
    }

    private EngineException NoRegistry(string answer) =>
        new(
            $"'{target.Host}' is not a registry that speaks the OCI distribution API: it answers {Address("/v2/")} "
                + $"with {answer}."
        );

    /// <summary>An answer that may be another one a little later, as a fault.</summary>
    public async Task<PassingFaultException> PassingAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) =>
        new(
            $"it answers {await RegistryAnswer.DescribeAsync(response, options.StallTimeout, cancellationToken)}",
            PassingFaultException.RetryAfter(response, DateTimeOffset.UtcNow)
        );

    private bool IsOurs(Uri address) => WebAddress.IsSameOrigin(address, root);

    // It is kept while the token service is asked, and must not keep its connection.
    private async Task KeepAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await SmallBody.ReadAsync(response, RegistryAnswer.MaxBody, options.StallTimeout, cancellationToken);
        var kept = new ByteArrayContent(body.Bytes);
        kept.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content.Dispose();
        response.Content = kept;
    }

    private async Task<HttpResponseMessage> PassAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!PassingFaultException.MayPass(response.StatusCode))
            return response;
        using (response)
            throw await PassingAsync(response, cancellationToken);
    }
}
