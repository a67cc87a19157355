using System.Net;
using System.Text;
using Recipes.Engine.Registries;
using Recipes.Engine.Tests.Sources;
using Xunit;

namespace Recipes.Engine.Tests.Registries;

public sealed class RegistryAuthorizationTests : IDisposable
{
    private readonly PushFixture fixture = new();
    private readonly List<string> tokenRequests = [];
    private int tokens;

    public void Dispose() => fixture.Dispose();

    private FakeRegistry Registry => fixture.Registry;

    [Fact]
    public async Task Basic_credentials_of_config_json_are_shown_once_they_are_asked_for()
    {
        fixture.WriteCredentials("ada", "pass:word");
        WantBasic("ada:pass:word");

        await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.DoesNotContain("Authorization", Registry.Asked.First().Headers.Keys);
    }

    [Fact]
    public async Task Credentials_that_are_refused_are_named_without_the_secret()
    {
        fixture.WriteCredentials("ada", "wrong");
        RefuseBasic();

        Assert.Equal(
            $"The registry '{Registry.Host}' refuses the credentials of 'ada' in {fixture.ConfigFile}, or does not "
                + $"let them push to 'team/app': it answers 401 Unauthorized. Run: docker login {Registry.Host}",
            await fixture.FailAsync()
        );
    }

    [Fact]
    public async Task Without_credentials_it_says_how_to_log_in()
    {
        RefuseBasic();

        Assert.Equal(
            $"The registry '{Registry.Host}' wants to know who pushes to 'team/app', and '{fixture.ConfigFile}' has "
                + $"no credentials for it. Run: docker login {Registry.Host}",
            await fixture.FailAsync()
        );
    }

    [Fact]
    public async Task A_refusal_that_says_not_how_to_prove_oneself_is_told_as_it_is()
    {
        Registry.Fault = _ => FakeRegistry.Error("401 Unauthorized", "UNAUTHORIZED", "no");

        Assert.Equal(
            $"The registry '{Registry.Host}' answers 401 Unauthorized, and does not say how to prove who you are.",
            await fixture.FailAsync()
        );
    }

    [Fact]
    public async Task A_bearer_token_is_fetched_for_the_repository_and_used_for_every_request()
    {
        fixture.WriteCredentials("ada", "secret");
        WantTokens(asked => IsShown(asked, Basic("ada:secret")));

        await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.Equal(
            ["GET /token?from=here&service=the%20registry&scope=repository%3Ateam%2Fapp%3Apull%2Cpush"],
            tokenRequests
        );
    }

    [Fact]
    public async Task A_token_that_ran_out_is_fetched_anew()
    {
        WantTokens(_ => true, lifetime: 3);

        await fixture.PushAsync(options: fixture.Options with { Uploads = 1 });

        fixture.AssertPushed();
        Assert.True(tokenRequests.Count > 2);
    }

    [Fact]
    public async Task A_mount_asks_for_a_token_that_may_read_the_other_repository()
    {
        WantTokens(_ => true);
        await fixture.PushAsync();

        await fixture.PushAsync("other/app");

        fixture.AssertPushed("other/app");
        Assert.Contains(tokenRequests, x =>
            x.EndsWith("other%2Fapp%3Apull%2Cpush&scope=repository%3Ateam%2Fapp%3Apull", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_identity_token_is_exchanged()
    {
        fixture.WriteConfig(
            $$$"""{"auths":{"https://{{{Registry.Host}}}/v1/":{"auth":"","identitytoken":"refresh me"} } }"""
        );
        WantTokens(asked =>
            Encoding.UTF8.GetString(asked.Body).Contains("refresh_token=refresh+me", StringComparison.Ordinal)
        );

        await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.All(tokenRequests, x => Assert.StartsWith("POST /token", x, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_service_that_refuses_is_a_refusal()
    {
        fixture.WriteCredentials("ada", "wrong");
        WantTokens(_ => false);

        Assert.StartsWith(
            $"The registry '{Registry.Host}' refuses the credentials of 'ada' in ",
            await fixture.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_token_service_without_tokens_is_named()
    {
        WantTokens(_ => true, answer: "{}");

        Assert.Equal(
            $"The registry '{Registry.Host}' gives out tokens at http://{Registry.Host}/token?from=here, which "
                + $"answers without one.",
            await fixture.FailAsync()
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_password_is_never_sent_in_the_clear_to_another_host_than_the_registry(bool isInsecure)
    {
        fixture.WriteCredentials("ada", "secret");
        Registry.Fault = _ => Challenge("Bearer realm=\"http://tokens.example/token\",service=\"s\"");

        Assert.Equal(
            $"The registry '{Registry.Host}' sends its users to http://tokens.example/token, another host, where a "
                + $"password would travel unprotected; that is never done. Its token service has to speak TLS.",
            await fixture.FailAsync(fixture.Options with { AllowsPlainHttp = isInsecure })
        );
    }

    [Fact]
    public async Task A_token_service_on_another_host_is_named_once_before_it_is_shown_credentials()
    {
        fixture.WriteCredentials("ada", "secret");
        using var service = new TinyServer(asked =>
            IsShown(asked, Basic("ada:secret")) ? Token() : new("401 Unauthorized", [])
        );
        WantTokensOf(service.Url + "/token");

        await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.Equal(
            new CredentialsGoElsewhere(Registry.Host, service.Url, $"the credentials of 'ada' in {fixture.ConfigFile}"),
            Assert.Single(fixture.Events.Of<CredentialsGoElsewhere>())
        );
    }

    [Fact]
    public async Task A_token_service_far_away_is_used_over_TLS_and_named_once()
    {
        fixture.WriteCredentials("ada", "secret");
        using var certificate = TestCertificate.Create();
        using var service = new TinyServer(
            asked => IsShown(asked, Basic("ada:secret")) ? Token() : new("401 Unauthorized", []),
            IPAddress.Parse("127.0.0.3"),
            certificate
        );
        // An address that does not look like this machine's own.
        var far = service.Url.Replace("127.0.0.3", "[::ffff:127.0.0.3]", StringComparison.Ordinal);
        WantTokensOf(far + "/token");

        await fixture.PushAsync(options: fixture.Options with { OnlyAuthority = certificate });

        fixture.AssertPushed();
        Assert.NotEmpty(service.Requests);
        Assert.All(service.Requests, x => Assert.True(IsShown(x, Basic("ada:secret"))));
        Assert.Equal(
            new CredentialsGoElsewhere(Registry.Host, far, $"the credentials of 'ada' in {fixture.ConfigFile}"),
            Assert.Single(fixture.Events.Of<CredentialsGoElsewhere>())
        );
    }

    [Fact]
    public async Task A_token_service_whose_certificate_is_not_trusted_is_shown_nothing()
    {
        fixture.WriteCredentials("ada", "secret");
        using var certificate = TestCertificate.Create();
        using var other = TestCertificate.Create();
        using var service = new TinyServer(_ => Token(), IPAddress.Parse("127.0.0.3"), certificate);
        WantTokensOf(service.Url + "/token");

        var message = await fixture.FailAsync(fixture.Options with { OnlyAuthority = other, Attempts = 1 });

        Assert.Contains("certificate", message, StringComparison.Ordinal);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task A_registry_whose_certificate_is_not_trusted_is_told_what_to_do()
    {
        using var certificate = TestCertificate.Create();
        using var registry = new TinyServer(_ => new("200 OK", []), IPAddress.Parse("127.0.0.3"), certificate);
        var host = new Uri(registry.Url).Authority;

        var message = await fixture.FailAsync(fixture.Options with { Attempts = 1 }, host);

        Assert.StartsWith(
            $"The certificate of the registry '{host}' is not trusted here: ",
            message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "Add its authority to this machine's, or name it in SSL_CERT_FILE.",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_token_service_on_another_host_that_is_shown_nothing_needs_no_word()
    {
        using var service = new TinyServer(_ => Token());
        WantTokensOf(service.Url + "/token");

        await fixture.PushAsync();

        Assert.Empty(fixture.Events.Of<CredentialsGoElsewhere>());
        Assert.DoesNotContain("Authorization", service.Requests.First().Headers.Keys);
    }

    [Theory]
    [InlineData(true, "302 Found")]
    [InlineData(true, "307 Temporary Redirect")]
    [InlineData(false, "302 Found")]
    [InlineData(false, "308 Permanent Redirect")]
    public async Task A_token_service_that_redirects_to_another_host_does_not_have_credentials_carried_there(
        bool isIdentityToken,
        string status
    )
    {
        if (isIdentityToken)
            fixture.WriteConfig($$$"""{"auths":{"{{{Registry.Host}}}":{"auth":"","identitytoken":"refresh me"} } }""");
        else
            fixture.WriteCredentials("ada", "secret");
        using var thief = new TinyServer(_ => Token());
        WantTokensOf($"http://{Registry.Host}/token", _ => new(status, [], $"Location: {thief.Url}/steal"));

        var message = await fixture.FailAsync();

        Assert.Equal(
            $"The registry '{Registry.Host}' gives out tokens at http://{Registry.Host}/token, which cannot be "
                + $"used: it redirects to {thief.Url}, where credentials for http://{Registry.Host} are not sent.",
            message
        );
        Assert.Empty(thief.Requests);
    }

    [Fact]
    public async Task A_token_service_that_redirects_within_its_host_is_followed_with_what_it_was_sent()
    {
        fixture.WriteConfig($$$"""{"auths":{"{{{Registry.Host}}}":{"auth":"","identitytoken":"refresh me"} } }""");
        WantTokensOf($"http://{Registry.Host}/token", asked => asked.Path == "/token"
                ? new("307 Temporary Redirect", [], "Location: token/here")
            : Encoding.UTF8.GetString(asked.Body).Contains("refresh_token=refresh+me", StringComparison.Ordinal)
                ? Token()
            : new("400 Bad Request", []));

        await fixture.PushAsync();

        fixture.AssertPushed();
    }

    [Theory]
    [InlineData(
        "Location: file:///etc/passwd",
        "it sends to 'file:///etc/passwd', and 'file:' is not followed; only https: and http: are"
    )]
    [InlineData("Location: ftp://x/", "it sends to 'ftp://x/', and 'ftp:' is not followed; only https: and http: are")]
    [InlineData("X: y", "it answers 302 Found without saying where to")]
    [InlineData("Location: /token", "it redirects more than 10 times")]
    public async Task A_token_service_that_redirects_to_nowhere_is_named(string header, string reason)
    {
        WantTokensOf($"http://{Registry.Host}/token", _ => new("302 Found", [], header));

        Assert.Equal(
            $"The registry '{Registry.Host}' gives out tokens at http://{Registry.Host}/token, which cannot be "
                + $"used: {reason}.",
            await fixture.FailAsync()
        );
    }

    [Fact]
    public async Task A_token_that_never_ends_is_not_read_for_ever()
    {
        WantTokensOf($"http://{Registry.Host}/token", _ => Answer.Endless("200 OK", new byte[1 << 16]));

        Assert.Equal(
            $"The registry '{Registry.Host}' gives out tokens at http://{Registry.Host}/token, which answers with "
                + $"more than 1048576 bytes.",
            await fixture.FailAsync()
        );
    }

    [Theory]
    [InlineData("", "no data received for 0.5 s")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n{", "the answer did not end within 0.5 s")]
    public async Task A_token_service_that_hangs_is_left(string sent, string reason)
    {
        WantTokensOf($"http://{Registry.Host}/token", _ => new("", []) { Raw = [Encoding.ASCII.GetBytes(sent)] });

        Assert.Equal(
            $"The registry '{Registry.Host}' does not do what it is asked: the token service '127.0.0.2' does not "
                + $"answer: {reason} (tried 2 times). Run the command again later; what it has is not sent again.",
            await fixture.FailAsync(
                fixture.Options with
                {
                    StallTimeout = TimeSpan.FromMilliseconds(500),
                    Attempts = 5,
                }
            )
        );
    }

    [Theory]
    [InlineData("""{"token":"a\nb"}""")]
    [InlineData("""{"token":"\u00e4"}""")]
    [InlineData("""{"token":7}""")]
    [InlineData("[")]
    [InlineData("\u0000")]
    public async Task A_token_that_no_header_can_hold_is_none(string answer)
    {
        WantTokensOf($"http://{Registry.Host}/token", _ =>
            new("200 OK", Encoding.UTF8.GetBytes(answer), "Content-Type: application/json; charset=nonsense")
        );

        Assert.Equal(
            $"The registry '{Registry.Host}' gives out tokens at http://{Registry.Host}/token, which answers "
                + $"without one.",
            await fixture.FailAsync()
        );
    }

    [Fact]
    public async Task A_credential_helper_is_asked()
    {
        using var path = new HelperOnPath(
            fixture.Folder,
            "safe",
            $$"""
            read -r server
            [ "$1 $server" = "get {{Registry.Host}}" ] || exit 1
            echo '{"ServerURL":"x","Username":"ada","Secret":"secret"}'
            """
        );
        fixture.WriteConfig("""{"credsStore":"safe"}""");
        WantBasic("ada:secret");

        await fixture.PushAsync();

        fixture.AssertPushed();
    }

    [Fact]
    public async Task A_helper_for_one_registry_comes_before_that_for_all_and_before_the_file()
    {
        using var path = new HelperOnPath(fixture.Folder, "mine", """echo '{"Username":"ada","Secret":"secret"}'""");
        fixture.WriteConfig(
            $$$"""{"credHelpers":{"{{{Registry.Host}}}":"mine"},"credsStore":"missing","auths":{"{{{Registry.Host}}}":{"auth":"eDp5"} } }"""
        );
        WantBasic("ada:secret");

        await fixture.PushAsync();

        fixture.AssertPushed();
    }

    [Fact]
    public async Task A_helper_without_credentials_leaves_it_to_the_file()
    {
        using var path = new HelperOnPath(
            fixture.Folder,
            "empty",
            "echo credentials not found in native keychain; exit 1"
        );
        fixture.WriteConfig(
            $$$"""{"credsStore":"empty","auths":{"{{{Registry.Host}}}":{"auth":"{{{Convert.ToBase64String("ada:secret"u8)}}}"} } }"""
        );
        WantBasic("ada:secret");

        await fixture.PushAsync();

        fixture.AssertPushed();
    }

    [Theory]
    [InlineData(
        "echo the keyring is locked; exit 1",
        "The credential helper 'docker-credential-odd' (of '{0}') fails for '{1}': the keyring is locked"
    )]
    [InlineData(
        "echo hello",
        "The credential helper 'docker-credential-odd' (of '{0}') does not answer as helpers do."
    )]
    public async Task A_helper_that_fails_is_named(string script, string expected)
    {
        using var path = new HelperOnPath(fixture.Folder, "odd", script);

        Assert.Equal(Expected(expected), await FailWithConfigAsync("""{"credsStore":"odd"}"""));
    }

    [Theory]
    [InlineData(
        """{"credsStore":"nowhere"}""",
        "'{0}' names the credential helper 'nowhere', but 'docker-credential-nowhere' is not on the PATH."
    )]
    [InlineData(
        """{"credsStore":"../evil"}""",
        "'{0}' names the credential helper '../evil', which is not the name of a program."
    )]
    [InlineData("{", "'{0}' is not JSON: ")]
    [InlineData("[]", "'{0}' is not what Docker writes: no JSON object.")]
    [InlineData("""{"auths":{"HOST":{"auth":"%%%"}}}""", "'{0}' has a damaged 'auth' for '{1}'. Run: docker login {1}")]
    public async Task A_configuration_that_cannot_be_used_is_an_error(string config, string expected)
    {
        var message = await FailWithConfigAsync(config.Replace("HOST", Registry.Host, StringComparison.Ordinal));

        Assert.StartsWith(Expected(expected), message, StringComparison.Ordinal);
    }

    private string Expected(string format) => string.Format(null, format, fixture.ConfigFile, Registry.Host);

    private Task<string> FailWithConfigAsync(string json)
    {
        fixture.WriteConfig(json);
        RefuseBasic();
        return fixture.FailAsync();
    }

    private void WantBasic(string pair) =>
        Registry.Fault = asked => IsShown(asked, Basic(pair)) ? null : Challenge("Basic realm=\"registry\"");

    private void RefuseBasic() => Registry.Fault = _ => Challenge("Basic realm=\"registry\"");

    private void WantTokens(Func<Asked, bool> isAllowed, int lifetime = int.MaxValue, string? answer = null)
    {
        var used = 0;
        Registry.Fault = asked =>
        {
            if (!asked.Path.StartsWith("/token", StringComparison.Ordinal))
                return IsShown(asked, $"Bearer token-{tokens}") && ++used <= lifetime
                    ? null
                    : Challenge(
                        $"Bearer realm=\"http://{Registry.Host}/token?from=here\",service=\"the "
                            + $"registry\",scope=\"repository:x:pull\""
                    );
            tokenRequests.Add($"{asked.Method} {asked.Path}");
            if (!isAllowed(asked))
                return FakeRegistry.Error("401 Unauthorized", "UNAUTHORIZED", "who?");
            used = 0;
            return new(
                "200 OK",
                Encoding.UTF8.GetBytes(answer ?? $$"""{"token":"token-{{++tokens}}","expires_in":60}""")
            );
        };
    }

    /// <summary>A registry that wants the token "t" of a service, which it may be itself.</summary>
    private void WantTokensOf(string realm, Func<Asked, Answer>? service = null) =>
        Registry.Fault = asked =>
            service is not null && asked.Path.StartsWith("/token", StringComparison.Ordinal) ? service(asked)
            : IsShown(asked, "Bearer t") ? null
            : Challenge($"Bearer realm=\"{realm}\"");

    private static Answer Token() => new("200 OK", """{"token":"t"}"""u8.ToArray());

    private static bool IsShown(Asked asked, string header) =>
        asked.Headers.GetValueOrDefault("Authorization") == header;

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private static Answer Challenge(string challenge) =>
        FakeRegistry.Error(
            "401 Unauthorized",
            "UNAUTHORIZED",
            "authentication required",
            "WWW-Authenticate: " + challenge
        );
}
