using System.Text;
using Recipes.Engine.Http;
using Recipes.Engine.Tests.Sources;
using Xunit;

namespace Recipes.Engine.Tests.Registries;

/// <summary>Where a registry sends requests on, and what they show there; and answers that never end.</summary>
public sealed class RegistryRedirectTests : IDisposable
{
    private static readonly string Header = "Basic " + Convert.ToBase64String("ada:secret"u8);
    private readonly PushFixture fixture = new();
    private readonly TinyServer other;
    private Func<Asked, Answer> elsewhere = _ => new("404 Not Found", []);

    public RegistryRedirectTests()
    {
        other = new(x => elsewhere(x));
        fixture.WriteCredentials("ada", "secret");
    }

    public void Dispose()
    {
        other.Dispose();
        fixture.Dispose();
    }

    private FakeRegistry Registry => fixture.Registry;

    private static bool IsShown(Asked asked) => asked.Headers.GetValueOrDefault("Authorization") == Header;

    private static Answer Challenge => new("401 Unauthorized", [], "WWW-Authenticate: Basic realm=\"x\"");

    /// <summary>Wants credentials for everything; then the fault, if it has an answer.</summary>
    private void WantBasic(Func<Asked, Answer?> fault) =>
        Registry.Fault = asked => IsShown(asked) ? fault(asked) : Challenge;

    private static Answer? Elsewhere(Asked asked, string method, string to) =>
        asked.Method == method && !asked.Path.Contains("redirected", StringComparison.Ordinal)
            ? new(
                "307 Temporary Redirect",
                [],
                $"Location: {to}{asked.Path}{(asked.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}redirected=1"
            )
            : null;

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task Credentials_are_shown_again_after_a_redirect_on_the_same_origin(string method)
    {
        WantBasic(asked => Elsewhere(asked, method, ""));

        await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.Contains(Registry.Asked, x =>
            x.Method == method && x.Path.Contains("redirected", StringComparison.Ordinal)
        );
        Assert.All(Registry.Asked.Where(x => x.Path.Contains("redirected", StringComparison.Ordinal)), x =>
            Assert.True(IsShown(x))
        );
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task Another_origin_never_gets_them_even_if_it_asks(string method)
    {
        WantBasic(asked => Elsewhere(asked, method, other.Url));
        elsewhere = _ => Challenge;

        var message = await fixture.FailAsync(fixture.Options with { Uploads = 1 });

        Assert.Contains(
            $"it sends to {other.Url}, which answers 401 Unauthorized. No credentials are shown there.",
            message,
            StringComparison.Ordinal
        );
        Assert.NotEmpty(other.Requests);
        Assert.All(other.Requests, x => Assert.DoesNotContain("Authorization", x.Headers.Keys));
    }

    [Fact]
    public async Task A_detour_by_another_origin_loses_them()
    {
        WantBasic(asked => Elsewhere(asked, "POST", other.Url));
        elsewhere = asked =>
            new("307 Temporary Redirect", [], $"Location: http://{Registry.Host}/v2/other/blobs/uploads/?redirected=1");

        await fixture.FailAsync(fixture.Options with { Uploads = 1 });

        Assert.DoesNotContain(Registry.Asked, x =>
            IsShown(x) && x.Path.StartsWith("/v2/other/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_part_may_be_sent_to_another_origin_that_the_registry_names()
    {
        WantBasic(asked =>
            asked.Method == "POST"
                ? new("202 Accepted", [], $"Location: {other.Url}/{asked.Path.Split('/')[2]}/upload")
                : null
        );
        var arrived = 0;
        elsewhere = asked =>
        {
            arrived += asked.Body.Length;
            return new(asked.Method == "PUT" ? "201 Created" : "202 Accepted", []);
        };

        await fixture.PushAsync(options: fixture.Options with { Uploads = 1 });

        Assert.True(arrived > 100_000);
        Assert.All(other.Requests, x => Assert.DoesNotContain("Authorization", x.Headers.Keys));
    }

    [Theory]
    [InlineData(
        "Location: file:///etc/passwd",
        "it sends to 'file:///etc/passwd', and 'file:' is not followed; only https: and http: are."
    )]
    [InlineData(
        "Location: ftp://x/y",
        "it sends to 'ftp://x/y', and 'ftp:' is not followed; only https: and http: are."
    )]
    [InlineData("Location: http://", "it sends to 'http://', which is not an address.")]
    public async Task An_upload_at_an_address_that_is_none_is_told(string location, string reason)
    {
        Registry.Fault = asked => asked.Method == "POST" ? new("202 Accepted", [], location) : null;

        Assert.Equal(
            $"The registry '{Registry.Host}' does not do what it is asked: {reason}",
            await fixture.FailAsync(fixture.Options with { Uploads = 1 })
        );
    }

    [Theory]
    [InlineData(
        "file:///etc/passwd",
        "it sends to 'file:///etc/passwd', and 'file:' is not followed; only https: and http: are."
    )]
    [InlineData("/v2/x", "it answers POST with 302 Found to http://HOST/v2/x, which would turn it into a GET.")]
    public async Task A_redirect_of_an_upload_that_cannot_be_followed_is_told(string location, string reason)
    {
        Registry.Fault = asked => asked.Method == "POST" ? new("302 Found", [], "Location: " + location) : null;

        Assert.Equal(
            $"The registry '{Registry.Host}' does not do what it is asked: "
                + $"{reason.Replace("HOST", Registry.Host, StringComparison.Ordinal)}",
            await fixture.FailAsync(fixture.Options with { Uploads = 1 })
        );
    }

    [Fact]
    public async Task A_relative_address_is_taken_from_where_the_answer_came_from()
    {
        Registry.Fault = asked =>
            asked.Method == "POST" && !asked.Path.Contains("deep", StringComparison.Ordinal)
                ? new("307 Temporary Redirect", [], $"Location: {other.Url}/deep/uploads/")
                : null;
        elsewhere = asked =>
            asked.Method == "POST" ? new("202 Accepted", [], "Location: here?x=1") : new("201 Created", []);

        await fixture.PushAsync(options: fixture.Options with { Uploads = 1, ChunkSize = 1 << 20 });

        Assert.Contains(other.Requests, x =>
            x.Method == "PUT" && x.Path.StartsWith("/deep/uploads/here?x=1&digest=", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("401 Unauthorized")]
    [InlineData("400 Bad Request")]
    [InlineData("503 Service Unavailable")]
    public async Task An_answer_for_people_that_never_ends_is_not_read_for_ever(string status)
    {
        var text = Encoding.ASCII.GetBytes(new string('a', 1 << 16));
        Registry.Fault = asked =>
            asked.Method == "POST" ? Answer.Endless(status, text, "Content-Type: text/plain") : null;

        var message = await fixture.FailAsync(fixture.Options with { Uploads = 1 });

        Assert.Contains(status, message, StringComparison.Ordinal);
        Assert.True(message.Length < 1000);
    }

    [Fact]
    public async Task An_answer_for_people_that_stands_still_is_done_without()
    {
        Registry.Fault = asked =>
            asked.Method == "POST"
                ? new("", []) { Raw = ["HTTP/1.1 400 Bad Request\r\nContent-Length: 9000000000\r\n\r\nx"u8.ToArray()] }
                : null;

        Assert.Equal(
            $"The registry '{Registry.Host}' does not take the layer 'small': it answers 400 Bad Request.",
            await fixture.FailAsync(fixture.Options with { Uploads = 1, StallTimeout = TimeSpan.FromMilliseconds(500) })
        );
    }

    [Fact]
    public async Task A_registry_that_claims_more_than_there_is_gets_all_of_it_again()
    {
        var isFirst = true;
        Registry.Fault = asked =>
        {
            if (asked.Method == "PATCH" && isFirst)
            {
                isFirst = false;
                return new("503 Service Unavailable", []);
            }
            return asked.Method == "GET" && asked.Path.Contains("uploads", StringComparison.Ordinal)
                ? new("204 No Content", [], "Range: 0-9223372036854775807")
                : null;
        };

        await fixture.PushAsync(options: fixture.Options with { Uploads = 1 });

        fixture.AssertPushed();
    }

    [Fact]
    public async Task A_pause_of_any_length_is_kept_up_to_a_limit()
    {
        var isFirst = true;
        Registry.Fault = asked =>
        {
            if (asked.Method != "POST" || !isFirst)
                return null;
            isFirst = false;
            return new("429 Too Many Requests", [], "Retry-After: 999999");
        };

        await fixture.PushAsync(
            options: fixture.Options with
            {
                Uploads = 1,
                MaxPause = TimeSpan.FromMilliseconds(20),
            }
        );

        Assert.Equal(TimeSpan.FromMilliseconds(20), Assert.Single(fixture.Events.Of<RequestRetried>()).Pause);
    }
}
