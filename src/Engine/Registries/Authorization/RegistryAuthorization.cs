using System.Net.Http.Headers;
using Recipes.Engine.Http;

namespace Recipes.Engine.Registries.Authorization;

/// <summary>
/// What to show a registry with a request. Nothing, until it challenges; then what the challenge asks for, with a token
/// a set of scopes. Credentials are looked for only when they are needed, since a helper may ask a person.
/// </summary>
/// <param name="exchange">Sends requests to token services.</param>
/// <param name="target">The repository.</param>
/// <param name="options">Where credentials are.</param>
/// <param name="observer">Is told where credentials go, if that is not to the registry itself.</param>
internal sealed class RegistryAuthorization(
    HttpExchange exchange,
    RegistryReference target,
    RegistryOptions options,
    IEngineObserver observer
) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, AuthenticationHeaderValue?> tokens = new(StringComparer.Ordinal);
    private readonly TokenService service = new(exchange, options.StallTimeout, target.Host);
    private Challenge? challenge;
    private Credential? credential;
    private bool isCredentialKnown;
    private bool isTold;

    /// <summary>The header for a request, or null.</summary>
    /// <exception cref="EngineException">
    /// No credential can be had, or the registry asks for it in the clear.
    /// </exception>
    public async Task<AuthenticationHeaderValue?> HeaderAsync(
        IReadOnlyList<string> scopes,
        CancellationToken cancellationToken
    )
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (challenge is null)
                return null;
            await FindCredentialAsync(cancellationToken);
            if (challenge.Realm is null)
                return credential is null or { IsIdentityToken: true } ? null : credential.Basic;
            Tell(challenge.Realm);
            var key = string.Join(' ', scopes);
            if (!tokens.TryGetValue(key, out var token))
                tokens[key] = token = await service.FetchAsync(challenge, scopes, credential, cancellationToken);
            return token;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// Takes an answer 401 to a request that showed this header, so that the next header may be another.
    /// </summary>
    /// <exception cref="EngineException">The registry wants a password sent in the clear.</exception>
    public async Task LearnAsync(
        HttpResponseMessage unauthorized,
        AuthenticationHeaderValue? shown,
        IReadOnlyList<string> scopes,
        CancellationToken cancellationToken
    )
    {
        if (Challenge.Of(unauthorized) is not { } asked)
            return;
        CheckSecrecy(asked, unauthorized.RequestMessage!.RequestUri!);
        await gate.WaitAsync(cancellationToken);
        try
        {
            challenge ??= asked;
            // A token may have run out. Another request may have fetched the next one already.
            var key = string.Join(' ', scopes);
            if (shown is not null && shown.Equals(tokens.GetValueOrDefault(key)))
                tokens.Remove(key);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Why a request is refused, and what to do.</summary>
    public EngineException Refusal(string answer)
    {
        if (challenge is null)
            return new($"The registry '{target.Host}' answers {answer}, and does not say how to prove who you are.");
        return credential is null
            ? new(
                $"The registry '{target.Host}' wants to know who pushes to '{target.Repository}', and "
                    + $"'{Path.Join(options.DockerConfigFolder, "config.json")}' has no credentials for it. Run: "
                    + $"docker login {target.Host}"
            )
            : new(
                $"The registry '{target.Host}' refuses {credential}, or does not let them push to "
                    + $"'{target.Repository}': it answers {answer}. Run: docker login {target.Host}"
            );
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task FindCredentialAsync(CancellationToken cancellationToken)
    {
        if (isCredentialKnown)
            return;
        credential = await new DockerConfig(options.DockerConfigFolder).FindAsync(
            target.CredentialServer,
            cancellationToken
        );
        isCredentialKnown = true;
    }

    private void Tell(Uri realm)
    {
        if (isTold || credential is null || IsRegistry(realm))
            return;
        isTold = true;
        observer.On(
            new CredentialsGoElsewhere(target.Host, realm.GetLeftPart(UriPartial.Authority), credential.ToString())
        );
    }

    // The registry's own host is what somebody named with --insecure; any other is named by whoever answered.
    private void CheckSecrecy(Challenge asked, Uri registry)
    {
        if (asked.Realm is null || asked.Realm.Scheme == Uri.UriSchemeHttps || asked.Realm.IsLoopback)
            return;
        if (!IsRegistry(asked.Realm))
            throw new EngineException(
                $"The registry '{target.Host}' sends its users to {asked.Realm}, another host, where a password "
                    + $"would travel unprotected; that is never done. Its token service has to speak TLS."
            );
        if (!options.AllowsPlainHttp || registry.Scheme == Uri.UriSchemeHttps)
            throw new EngineException(
                $"The registry '{target.Host}' sends its users to {asked.Realm}, where a password would travel "
                    + $"unprotected; if the network is yours alone, {new Remedy(RemedyKind.AllowInsecure)}"
            );
    }

    private bool IsRegistry(Uri realm) =>
        string.Equals(realm.Host, new Uri($"https://{target.Endpoint}/").Host, StringComparison.OrdinalIgnoreCase);
}
