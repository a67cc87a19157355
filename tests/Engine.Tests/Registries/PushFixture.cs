using System.Security.Cryptography;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Pushing;
using Recipes.Engine.Tests.Sources;
using Xunit;

namespace Recipes.Engine.Tests.Registries;

/// <summary>
/// An image of two layers, of which the second has 100,000 bytes, a registry, and Docker's configuration.
/// </summary>
internal sealed class PushFixture : IDisposable
{
    public const int Chunk = 32_768;

    public PushFixture()
    {
        Store = ContentStore.Open(Folder.Join("store"));
        var big = new byte[100_000];
        RandomNumberGenerator.Fill(big);
        Image = new(
            "app",
            "app:1.0",
            Store.AddBlob("{\"layers\":[]}"u8),
            Store.AddBlob("{}"u8),
            [Layer("small", "a small layer"u8.ToArray()), Layer("big", big)]
        );
    }

    public TemporaryDirectory Folder { get; } = new();

    public ContentStore Store { get; }

    public ImageResult Image { get; }

    public FakeRegistry Registry { get; } = new();

    public Recorder Events { get; } = new();

    public RegistryOptions Options =>
        new()
        {
            FirstPause = TimeSpan.FromMilliseconds(1),
            StallTimeout = TimeSpan.FromSeconds(5),
            Attempts = 3,
            ChunkSize = Chunk,
            DockerConfigFolder = Folder.Join("docker"),
        };

    public string ConfigFile => Folder.Join("docker", "config.json");

    public void WriteConfig(string json) => Folder.Write("docker/config.json", json);

    /// <summary>Credentials of a name and a password, as <c>docker login</c> keeps them without a helper.</summary>
    public void WriteCredentials(string user, string password) =>
        WriteConfig(
            $$$"""{"auths":{"{{{Registry.Host}}}":{"auth":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}}}"} } }"""
        );

    public Task<PushResult> PushAsync(
        string repository = "team/app",
        RegistryOptions? options = null,
        string? host = null
    ) =>
        new RegistryPush(Store, options ?? Options, Events).PushAsync(
            Image,
            RegistryReference.Parse($"{host ?? Registry.Host}/{repository}"),
            TestContext.Current.CancellationToken
        );

    /// <summary>Pushes, which must fail; the message.</summary>
    public async Task<string> FailAsync(RegistryOptions? options = null, string? host = null) =>
        (await Assert.ThrowsAsync<EngineException>(() => PushAsync(options: options, host: host))).Message;

    /// <summary>Holds that the registry has all of the image, byte for byte, under the tag.</summary>
    public void AssertPushed(string repository = "team/app", string tag = "1.0")
    {
        Assert.Equal(Image.Manifest, Digest.Of(Registry.Manifests[(repository, tag)]));
        foreach (var blob in Image.Layers.Select(x => x.Blob).Append(Image.Configuration))
            Assert.Equal(blob, Digest.Of(Registry.Blobs[(repository, "sha256:" + blob.Hash)]));
    }

    public void Dispose()
    {
        Registry.Dispose();
        Folder.Dispose();
    }

    private ImageLayer Layer(string name, byte[] content)
    {
        var blob = Store.AddBlob(content);
        return new(name, "1.0", 1, content.Length, blob, blob);
    }
}
