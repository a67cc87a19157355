using System.Security.Cryptography.X509Certificates;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Downloads;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

/// <summary>Downloads over TLS, whose redirects never lead out of it.</summary>
public sealed class SecureServerTests : IDisposable
{
    private readonly SourceFixture fixture = new();
    private readonly X509Certificate2 certificate = TestCertificate.Create();
    private readonly byte[] file = [1, 2, 3];
    private readonly TinyServer plain;
    private readonly TinyServer secure;

    public SecureServerTests()
    {
        plain = new(x => TinyServer.Serve(x, file));
        secure = new(
            x =>
                x.Path switch
                {
                    "/down" => new("302 Found", [], $"Location: {plain.Url}/x"),
                    "/by-way" => new("307 Temporary Redirect", [], "Location: /down"),
                    "/on" => new("302 Found", [], $"Location: {secure!.Url}/x"),
                    _ => TinyServer.Serve(x, file),
                },
            certificate: certificate
        );
    }

    public void Dispose()
    {
        secure.Dispose();
        plain.Dispose();
        certificate.Dispose();
        fixture.Dispose();
    }

    private async Task<Digest> DownloadAsync(string url, X509Certificate2? authority)
    {
        using var downloader = new Downloader(
            fixture.Store,
            SourceFixture.Patient with
            {
                OnlyAuthority = authority,
                Attempts = 1,
            },
            fixture.Events
        );
        return await downloader.DownloadAsync(
            new("x", default, "key", new[] { new Uri(url) }.ToAsyncEnumerable(), 1_000_000),
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task A_redirect_within_TLS_is_followed()
    {
        Assert.Equal(Digest.Of(file), await DownloadAsync(secure.Url + "/on", certificate));
    }

    [Theory]
    [InlineData("/down")]
    [InlineData("/by-way")]
    public async Task A_redirect_out_of_TLS_is_refused(string path)
    {
        var fault = await Assert.ThrowsAsync<EngineException>(() => DownloadAsync(secure.Url + path, certificate));

        Assert.EndsWith(
            $"  {secure.Url}{path}: it redirects from https: to {plain.Url}/x, which is not protected, and not "
                + $"followed",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task A_redirect_into_TLS_is_followed()
    {
        using var entry = new TinyServer(_ => new("302 Found", [], $"Location: {secure.Url}/x"));

        Assert.Equal(Digest.Of(file), await DownloadAsync(entry.Url + "/x", certificate));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_told()
    {
        using var other = TestCertificate.Create();

        var fault = await Assert.ThrowsAsync<EngineException>(() => DownloadAsync(secure.Url + "/x", other));

        Assert.Contains("certificate", fault.Message, StringComparison.Ordinal);
        Assert.Empty(secure.Requests);
    }
}
