using System.Net;
using System.Net.Sockets;
using Recipes.Engine.Http;
using Recipes.Engine.Registries;
using Recipes.Engine.Tests.Sources;
using Xunit;

namespace Recipes.Engine.Tests.Registries;

/// <summary>What a person is told when a registry does not do what it is asked.</summary>
public sealed class RegistryFaultTests : IDisposable
{
    private readonly PushFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private FakeRegistry Registry => fixture.Registry;

    [Fact]
    public async Task Nobody_listens()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var message = await fixture.FailAsync(host: closed.LocalEndPoint!.ToString());

        Assert.Equal($"No connection to the registry '{closed.LocalEndPoint}': Connection refused.", message);
    }

    [Fact]
    public async Task The_name_is_unknown() =>
        Assert.StartsWith(
            "Cannot resolve the registry 'registry.invalid': ",
            await fixture.FailAsync(host: "registry.invalid"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task It_is_no_registry()
    {
        Registry.Fault = _ => new("404 Not Found", "no such page"u8.ToArray(), "Content-Type: text/plain");

        Assert.Equal(
            $"'{Registry.Host}' is not a registry that speaks the OCI distribution API: it answers "
                + $"http://{Registry.Host}/v2/ with 404 Not Found (no such page).",
            await fixture.FailAsync()
        );
    }

    /// <summary>Found by fuzzing: a reader of JSON tells this only when the string is taken.</summary>
    [Fact]
    public async Task An_error_with_half_a_character_is_none_that_is_shown()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Forbidden)
        {
            Content = new StringContent(
                "{\"errors\":[{\"code\":\"\\ud800\"}]}",
                System.Text.Encoding.UTF8,
                "text/html"
            ),
        };

        Assert.Equal(
            "403 Forbidden",
            await RegistryAnswer.DescribeAsync(response, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task It_is_a_site_that_has_a_page_for_every_address()
    {
        Registry.Fault = _ => new("200 OK", "<html>"u8.ToArray(), "Content-Type: text/html");

        Assert.StartsWith($"'{Registry.Host}' is not a registry", await fixture.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_machine_without_TLS_is_not_spoken_to()
    {
        var message = await fixture.FailAsync(host: Registry.ForeignHost);

        Assert.StartsWith(
            $"The registry '{Registry.ForeignHost}' does not speak TLS: ",
            message,
            StringComparison.Ordinal
        );
        Assert.EndsWith("allow that.", message, StringComparison.Ordinal);
        Assert.Empty(Registry.Requests);
    }

    [Fact]
    public async Task Another_machine_without_TLS_is_spoken_to_where_that_is_allowed()
    {
        await fixture.PushAsync(options: fixture.Options with { AllowsPlainHttp = true }, host: Registry.ForeignHost);

        fixture.AssertPushed();
    }

    [Theory]
    [InlineData(
        "403 Forbidden",
        "DENIED",
        "does not take the layer 'small': it answers 403 Forbidden (DENIED: because). Whoever is logged in there "
            + "may not push to 'team/app'."
    )]
    [InlineData(
        "404 Not Found",
        "NAME_UNKNOWN",
        "does not take the layer 'small': it answers 404 Not Found (NAME_UNKNOWN: because). Perhaps the repository "
            + "'team/app' has to be made there first."
    )]
    [InlineData(
        "405 Method Not Allowed",
        "UNSUPPORTED",
        "does not take the layer 'small': it answers 405 Method Not Allowed (UNSUPPORTED: because). It may be "
            + "read-only, or a mirror."
    )]
    [InlineData(
        "413 Request Entity Too Large",
        "SIZE_INVALID",
        "does not take the layer 'small': it answers 413 Request Entity Too Large (SIZE_INVALID: because). It, or a "
            + "proxy before it, allows no requests of this size."
    )]
    [InlineData(
        "507 Insufficient Storage",
        "QUOTA",
        "does not take the layer 'small': it answers 507 Insufficient Storage (QUOTA: because). It has no room left."
    )]
    [InlineData(
        "400 Bad Request",
        "DIGEST_INVALID",
        "does not take the layer 'small': it answers 400 Bad Request (DIGEST_INVALID: because). Something else "
            + "arrived than was sent, or the store is damaged: verify the store and try again."
    )]
    [InlineData(
        "418 I'm a teapot",
        "TEA",
        "does not take the layer 'small': it answers 418 I'm a teapot (TEA: because)."
    )]
    public async Task It_refuses_a_blob(string status, string code, string expected)
    {
        Registry.Fault = asked =>
            asked.Method == "PUT" || asked.Method == "POST" ? FakeRegistry.Error(status, code, "because") : null;

        Assert.Equal(
            $"The registry '{Registry.Host}' {expected}",
            await fixture.FailAsync(fixture.Options with { Uploads = 1 })
        );
        Assert.Empty(Registry.Manifests);
    }

    [Fact]
    public async Task It_refuses_the_manifest()
    {
        Registry.Fault = asked =>
            asked.Method == "PUT" && asked.Path.Contains("manifests", StringComparison.Ordinal)
                ? FakeRegistry.Error("400 Bad Request", "MANIFEST_INVALID", "no such media type")
                : null;

        Assert.Equal(
            $"The registry '{Registry.Host}' does not take the manifest: it answers 400 Bad Request "
                + $"(MANIFEST_INVALID: no such media type).",
            await fixture.FailAsync()
        );
    }

    [Fact]
    public async Task It_fails_again_and_again()
    {
        Registry.Fault = asked =>
            asked.Method == "POST"
                ? new("503 Service Unavailable", "over quota\nsecond line"u8.ToArray(), "Content-Type: text/plain")
                : null;

        Assert.Equal(
            $"The registry '{Registry.Host}' does not do what it is asked: it answers 503 Service Unavailable (over "
                + $"quota) (tried 3 times). Run the command again later; what it has is not sent again.",
            await fixture.FailAsync(fixture.Options with { Uploads = 1 })
        );
        Assert.Equal(2, fixture.Events.Of<RequestRetried>().Length);
    }

    [Fact]
    public async Task It_falls_silent()
    {
        Registry.Fault = asked => asked.Method == "POST" ? new("", []) { IsSilent = true } : null;

        Assert.Contains(
            "no data received for 1 s (tried 2 times)",
            await fixture.FailAsync(fixture.Options with { StallTimeout = TimeSpan.FromSeconds(1), Attempts = 2 }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_upload_has_no_address()
    {
        Registry.Fault = asked => asked.Method == "POST" ? new("202 Accepted", []) : null;

        Assert.Equal(
            "The registry opens an upload for the layer 'small', but does not say where.",
            await fixture.FailAsync(fixture.Options with { Uploads = 1 })
        );
    }
}
