using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Recipes.Engine.Registries.Authorization;

/// <summary>Fetches bearer tokens.</summary>
/// <remarks>
/// https://distribution.github.io/distribution/spec/auth/token/, and for identity tokens
/// https://distribution.github.io/distribution/spec/auth/oauth/.
/// </remarks>
/// <param name="send">Sends a request.</param>
/// <param name="host">The registry, for messages.</param>
internal sealed class TokenService(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, string host)
{
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
        using var request = credential is { IsIdentityToken: true } ? Refresh(challenge, scopes, credential) : Ask(challenge, scopes, credential);
        using var response = await send(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)
            return null;
        if (RegistryAnswer.MayPass(response.StatusCode))
            throw new PassingFaultException(
                $"the token service '{challenge.Realm!.Host}' answers {await RegistryAnswer.DescribeAsync(response, cancellationToken)}",
                response.Headers.RetryAfter
            );
        if (!response.IsSuccessStatusCode)
            throw new EngineException(
                $"The registry '{host}' gives out tokens at {challenge.Realm}, which answers {await RegistryAnswer.DescribeAsync(response, cancellationToken)}."
            );
        return Read(await response.Content.ReadAsStringAsync(cancellationToken)) is { } token
            ? new("Bearer", token)
            : throw new EngineException($"The registry '{host}' gives out tokens at {challenge.Realm}, which answers without one.");
    }

    private static HttpRequestMessage Ask(Challenge challenge, IReadOnlyList<string> scopes, Credential? credential)
    {
        var query = scopes.Select(x => ("scope", x)).Prepend(("service", challenge.Service)).Where(x => x.Item2.Length > 0);
        var address = new UriBuilder(challenge.Realm!);
        address.Query = string.Join(
            '&',
            query.Select(x => $"{x.Item1}={Uri.EscapeDataString(x.Item2)}").Prepend(address.Query.TrimStart('?')).Where(x => x.Length > 0)
        );
        var request = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        request.Headers.Authorization = credential?.Basic;
        return request;
    }

    private static HttpRequestMessage Refresh(Challenge challenge, IReadOnlyList<string> scopes, Credential credential) =>
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

    private static string? Read(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            foreach (var name in (string[])["token", "access_token"])
                if (document.RootElement.TryGetProperty(name, out var token) && token.GetString() is { Length: > 0 } value)
                    return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The caller says what is wrong.
        }
        return null;
    }
}
