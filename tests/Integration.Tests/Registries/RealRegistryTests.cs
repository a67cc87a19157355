using System.Security.Cryptography;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Http;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Pushing;
using Recipes.Integration.Tests.Images;
using Xunit;

namespace Recipes.Integration.Tests.Registries;

/// <summary>Pushes to a real registry; skopeo judges what has arrived.</summary>
public sealed class RealRegistryTests : IDisposable
{
    // htpasswd -B of the password 'secret'.
    private const string Accounts = "ada:$2b$05$cLdANB3chAtUxEjhiQAWsu7UZlVzQDeRPLHytG5hHrxlldFV9XkwO";

    private readonly TinyImage tiny = new();
    private readonly TemporaryDirectory config = new();
    private readonly Recorder events = new();

    public void Dispose()
    {
        tiny.Dispose();
        config.Dispose();
    }

    [Fact]
    public async Task Chunks_arrive_whole()
    {
        await using var registry = await RegistryServer.StartAsync();

        await PushAsync(registry, "tiny", new() { ChunkSize = 100_000 });

        Assert.Equal(tiny.Manifest, await registry.DigestAsync("tiny:1.0"));
        Assert.True(registry.Log.Split("PATCH /v2/tiny").Length > 5);
        await Programs.RunAsync(
            "skopeo",
            "--insecure-policy",
            "copy",
            "--src-tls-verify=false",
            $"docker://{registry.Host}/tiny:1.0",
            $"dir:{config.Join("copy")}"
        );
    }

    [Fact]
    public async Task The_same_again_sends_nothing_and_another_repository_mounts()
    {
        await using var registry = await RegistryServer.StartAsync();
        await PushAsync(registry, "tiny");

        var again = await PushAsync(registry, "tiny");
        var newTag = await PushAsync(registry, "tiny:2");
        var other = await PushAsync(registry, "deep/er/tiny:3");

        Assert.True(again.WasThere);
        Assert.All(newTag.Blobs, x => Assert.Equal(BlobArrival.Present, x.Arrival));
        Assert.All(other.Blobs, x => Assert.Equal(BlobArrival.Mounted, x.Arrival));
        Assert.Equal(tiny.Manifest, await registry.DigestAsync("deep/er/tiny:3"));
    }

    [Fact]
    public async Task Credentials_are_shown_and_checked()
    {
        await using var registry = await RegistryServer.StartAsync(Accounts);
        var options = new RegistryOptions { DockerConfigFolder = config.Path };

        var unknown = await Assert.ThrowsAsync<EngineException>(() => PushAsync(registry, "tiny", options));
        WriteCredentials(registry, "wrong");
        var refused = await Assert.ThrowsAsync<EngineException>(() => PushAsync(registry, "tiny", options));
        WriteCredentials(registry, "secret");
        var pushed = await PushAsync(registry, "tiny", options);

        Assert.Contains(
            $"has no credentials for it. Run: docker login {registry.Host}",
            unknown.Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"The registry '{registry.Host}' refuses the credentials of 'ada'",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.All(pushed.Blobs, x => Assert.Equal(BlobArrival.Sent, x.Arrival));
    }

    [Fact]
    public async Task A_damaged_blob_does_not_arrive()
    {
        await using var registry = await RegistryServer.StartAsync();
        var blob = tiny.Store.FindBlob(tiny.Image.Layers[0].Blob)!;
        var bytes = await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(blob, bytes, TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<EngineException>(() => PushAsync(registry, "tiny"));

        Assert.Contains("does not take the layer 'ground'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("verify the store and try again", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_arrived_before_a_cut_is_not_sent_again()
    {
        await using var registry = await RegistryServer.StartAsync();
        await using var line = new CuttingProxy(registry.Host, cutAfter: 900_000);
        var options = new RegistryOptions
        {
            ChunkSize = 100_000,
            Uploads = 1,
            FirstPause = TimeSpan.FromMilliseconds(10),
        };
        var random = tiny.Store.AddBlob(RandomNumberGenerator.GetBytes(1_000_000));
        var image = tiny.Image with
        {
            Layers = [.. tiny.Image.Layers, new("random", null, 1, random.Size, random, random)],
        };

        await new RegistryPush(tiny.Store, options, events).PushAsync(
            image,
            RegistryReference.Parse($"{line.Host}/tiny"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(tiny.Manifest, await registry.DigestAsync("tiny:1.0"));
        Assert.NotEmpty(events.Of<RequestRetried>());
        Assert.InRange(line.Passed, random.Size, image.CompressedBytes + 400_000);
    }

    private Task<PushResult> PushAsync(RegistryServer registry, string repository, RegistryOptions? options = null) =>
        new RegistryPush(tiny.Store, options ?? new(), events).PushAsync(
            tiny.Image,
            RegistryReference.Parse($"{registry.Host}/{repository}"),
            TestContext.Current.CancellationToken
        );

    private void WriteCredentials(RegistryServer registry, string password) =>
        config.Write(
            "config.json",
            $$$"""{"auths":{"{{{registry.Host}}}":{"auth":"{{{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes("ada:" + password))}}}"} } }"""
        );
}
