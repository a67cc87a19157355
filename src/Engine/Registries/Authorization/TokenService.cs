using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Recipes.Engine.Http;

namespace Recipes.Engine.Registries.Authorization;

/// <summary>Fetches bearer tokens.</summary>
/// <remarks>
/// https://distribution.github.io/distribution/spec/auth/token/, and for identity tokens
/// https://distribution.github.io/distribution/spec/auth/oauth/.
/// </remarks>
/// <param name="exchange">Sends requests.</param>
/// <param name="time">How long an answer may take to end.</param>
/// <param name="host">The registry, for messages.</param>
internal sealed class TokenService(HttpExchange exchange, TimeSpan time, string host)
{
    private const int MaxToken = 1 << 20;
    private const string Client = "recipes";

    /// <summary>A token for all scopes, or for as many of them as the service grants.</summary>
    /// <param name="challenge">A challenge with a realm.</param>
    /// <param name="scopes">Such as <c>repository:app:pull,push</c>.</param>
    /// <param name="credential">Null to ask as nobody.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>Null if the service refuses.</returns>
    /// <exception cref="EngineException">The service answers with something else than a token.</exception>
    public async Task<AuthenticationHeaderValue?> FetchAsync(
        Challenge challenge,
        IReadOnlyList<string> scopes,
        Credential? credential,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await AskAsync(challenge, scopes, credential, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"the token service '{challenge.Realm!.Host}' does not answer: {e.Message}", e);
        }
    }

    private async Task<AuthenticationHeaderValue?> AskAsync(
        Challenge challenge,
        IReadOnlyList<string> scopes,
        Credential? credential,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(challenge, scopes, credential, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)
            return null;
        if (PassingFaultException.MayPass(response.StatusCode))
            throw new PassingFaultException(
                $"the token service '{challenge.Realm!.Host}' answers "
                    + $"{await RegistryAnswer.DescribeAsync(response, time, cancellationToken)}",
                PassingFaultException.RetryAfter(response, DateTimeOffset.UtcNow)
            );
        if (!response.IsSuccessStatusCode)
            throw Fault(challenge, $"answers {await RegistryAnswer.DescribeAsync(response, time, cancellationToken)}");
        var body = await SmallBody.ReadAsync(response, MaxToken, time, cancellationToken);
        if (!body.IsWhole)
            throw Fault(challenge, $"answers with more than {MaxToken} bytes");
        return Read(body.Bytes) is { } token ? new("Bearer", token) : throw Fault(challenge, "answers without one");
    }

    /// <summary>Credentials, in the head or in the body, stay with the service that the registry names.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        Challenge challenge,
        IReadOnlyList<string> scopes,
        Credential? credential,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return credential is { IsIdentityToken: true }
                ? await exchange.SendAsync(
                    () => Refresh(challenge, scopes, credential),
                    new(null, IsBound: true),
                    cancellationToken
                )
                : await exchange.SendAsync(
                    () => Ask(challenge, scopes),
                    new(credential?.Basic, IsBound: credential is not null),
                    cancellationToken
                );
        }
        catch (RedirectException e)
        {
            throw Fault(challenge, $"cannot be used: {e.Message}");
        }
    }

    private EngineException Fault(Challenge challenge, string what) =>
        new($"The registry '{host}' gives out tokens at {challenge.Realm}, which {what}.");

    private static HttpRequestMessage Ask(Challenge challenge, IReadOnlyList<string> scopes)
    {
        var query = scopes
            .Select(x => ("scope", x))
            .Prepend(("service", challenge.Service))
            .Where(x => x.Item2.Length > 0);
        var address = new UriBuilder(challenge.Realm!);
        address.Query = string.Join(
            '&',
            query
                .Select(x => $"{x.Item1}={Uri.EscapeDataString(x.Item2)}")
                .Prepend(address.Query.TrimStart('?'))
                .Where(x => x.Length > 0)
        );
        return new(HttpMethod.Get, address.Uri);
    }

    private static HttpRequestMessage Refresh(
        Challenge challenge,
        IReadOnlyList<string> scopes,
        Credential credential
    ) =>
        new(HttpMethod.Post, challenge.Realm)
        {
            Content = new FormUrlEncodedContent([
                new("grant_type", "refresh_token"),
                new("service", challenge.Service),
                new("client_id", Client),
                new("scope", string.Join(' ', scopes)),
                new("refresh_token", credential.Secret),
            ]),
        };

    private static string? Read(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            foreach (var name in (string[])["token", "access_token"])
                if (
                    document.RootElement.TryGetProperty(name, out var token)
                    && token.GetString() is { Length: > 0 } value
                    && value.All(x => x is > ' ' and <= '~')
                )
                    return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The caller says what is wrong.
        }
        return null;
    }
}
