using Recipes.Engine.Daemons;
using Recipes.Engine.Images;
using Xunit;

namespace Recipes.Engine.Tests.Daemons;

/// <summary>What is sent to a daemon, and what is not, by a daemon that only pretends.</summary>
public sealed class DaemonLoadTests : IDisposable
{
    private readonly LoadedImages images = new();
    private readonly ImageResult image;

    public DaemonLoadTests() => image = images.Compose("base", "tool");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => images.Dispose();

    [Fact]
    public async Task An_image_that_is_there_is_only_named()
    {
        using var daemon = new FakeDaemon();
        var id = "sha256:" + image.Configuration.Hash;
        daemon.Images[id] = FakeDaemon.LayersOf(image);

        var loaded = await LoadAsync(daemon);

        Assert.Equal((id, true, image.Layers.Length), (loaded.Id, loaded.WasThere, loaded.LayersThere));
        Assert.Equal([$"/images/{id}/tag?repo=test-image&tag=1.0"], daemon.Changes.Select(Uri.UnescapeDataString));
        Assert.Empty(daemon.Loads);
    }

    [Fact]
    public async Task The_lowest_layers_that_any_image_has_are_not_sent()
    {
        using var daemon = Ready();
        // Only a chain from the bottom counts: the last has the second layer on another one.
        daemon.Images["old"] = [.. FakeDaemon.LayersOf(image)[..1], "sha256:other"];
        daemon.Images["odd"] = ["sha256:other", FakeDaemon.LayersOf(image)[1]];

        var loaded = await LoadAsync(daemon);

        Assert.Equal((false, 1), (loaded.WasThere, loaded.LayersThere));
        Assert.Equal(image.Layers.Skip(1).Select(x => OciIndex.BlobName(x.Blob)), Assert.Single(daemon.Loads).Skip(2));
    }

    [Fact]
    public async Task What_is_refused_without_its_layers_is_sent_whole()
    {
        using var daemon = Ready();
        daemon.Images["old"] = [.. FakeDaemon.LayersOf(image)[..1], "sha256:other"];
        daemon.Refusals.Enqueue("layer is missing");

        var loaded = await LoadAsync(daemon);

        Assert.Equal(0, loaded.LayersThere);
        Assert.Equal([image.Layers.Length + 1, image.Layers.Length + 2], daemon.Loads.Select(x => x.Length));
    }

    [Fact]
    public async Task The_store_of_containerd_gets_whole_archives()
    {
        using var daemon = Ready("io.containerd.snapshotter.v1");
        daemon.Images["old"] = FakeDaemon.LayersOf(image);

        Assert.Equal(0, (await LoadAsync(daemon)).LayersThere);
        Assert.Equal(image.Layers.Length + 2, Assert.Single(daemon.Loads).Length);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_words_of_the_daemon()
    {
        using var daemon = Ready();
        daemon.Refusals.Enqueue("no space left on device");

        var fault = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(daemon));

        Assert.Equal(
            $"The Docker daemon at {Tcp(daemon)} does not take the image: no space left on device",
            fault.Message
        );
    }

    [Fact]
    public async Task A_daemon_that_takes_it_and_has_something_else_is_not_believed()
    {
        using var daemon = Ready();
        daemon.Taken = ("test-image:1.0", ["sha256:other"]);

        var fault = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(daemon));

        Assert.Equal(
            $"The Docker daemon at {Tcp(daemon)} took the image 'test-image:1.0', but does not have it.",
            fault.Message
        );
    }

    private FakeDaemon Ready(string driver = "overlay2") =>
        new() { Driver = driver, Taken = ("test-image:1.0", FakeDaemon.LayersOf(image)) };

    private async Task<LoadedImage> LoadAsync(FakeDaemon daemon)
    {
        using var connection = await daemon.ConnectAsync(Token);
        return await new DaemonLoad(connection, images.Store, images.Events).LoadAsync(
            image,
            [LoadedImages.Name],
            Token
        );
    }

    private static string Tcp(FakeDaemon daemon) => daemon.Url.Replace("http", "tcp", StringComparison.Ordinal);
}
