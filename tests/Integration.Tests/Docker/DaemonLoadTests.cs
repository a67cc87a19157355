using System.Collections.Immutable;
using System.Diagnostics;
using Recipes.Engine;
using Recipes.Engine.Daemons;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Images;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

[Collection(nameof(DockerDaemon))]
public sealed class DaemonLoadTests(DockerDaemon daemon) : IAsyncLifetime
{
    private readonly TinyImage tiny = new();
    private readonly Recorder events = new();

    public ValueTask InitializeAsync() => new(RemoveImagesAsync());

    public async ValueTask DisposeAsync()
    {
        await RemoveImagesAsync();
        tiny.Dispose();
    }

    [Fact]
    public async Task An_image_is_loaded_under_its_names_and_runs()
    {
        var loaded = await LoadAsync(tiny.Image, "tiny:a", "registry.example/team/tiny");

        Assert.Equal("sha256:" + tiny.Image.Configuration.Hash, loaded.Id);
        Assert.False(loaded.WasThere);
        foreach (var name in (string[])["tiny:a", "registry.example/team/tiny:latest"])
            Assert.Equal(TinyImage.Greeting, await DockerAsync("run", "--rm", "--network", "none", name));
        Assert.Equal(tiny.Image.Layers.Select(x => x.Name), events.Of<BlobArrived>().Select(x => x.Name));
    }

    [Fact]
    public async Task The_same_image_again_is_only_named()
    {
        await LoadAsync(tiny.Image, "tiny:a");

        var again = await LoadAsync(tiny.Image, "tiny:b");

        Assert.True(again.WasThere);
        Assert.Equal(
            $"sha256:{tiny.Image.Configuration.Hash}\n",
            await DockerAsync("image", "inspect", "-f", "{{.Id}}", "tiny:b")
        );
        Assert.Equal(tiny.Image.Layers.Length, events.Of<BlobArrived>().Length);
    }

    [Fact]
    public async Task Layers_that_the_daemon_has_are_not_sent()
    {
        await LoadAsync(tiny.Image, "tiny:a");
        var variant = tiny.Variant();

        var loaded = await LoadAsync(variant, "tiny:b");

        Assert.Equal(variant.Layers.Length - 1, loaded.LayersThere);
        Assert.Equal(TinyImage.Greeting, await DockerAsync("run", "--rm", "--network", "none", "tiny:b"));
        Assert.Equal(
            "70:70\n",
            await DockerAsync("run", "--rm", "--network", "none", "tiny:b", "stat", "-c", "%u:%g", "/var/lib/other")
        );
    }

    [Fact]
    public async Task Layers_that_go_while_the_rest_is_sent_are_sent_after_all()
    {
        await LoadAsync(tiny.Image, "tiny:a");

        var loaded = await LoadAsync(tiny.Variant(), new Remover(daemon.Host), "tiny:b");

        Assert.Equal(0, loaded.LayersThere);
        Assert.Equal(TinyImage.Greeting, await DockerAsync("run", "--rm", "--network", "none", "tiny:b"));
    }

    [Fact]
    public async Task A_damaged_layer_is_an_error_and_no_image()
    {
        var blob = tiny.Store.FindBlob(tiny.Image.Layers[0].Blob)!;
        var bytes = await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(blob, bytes, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<EngineException>(() => LoadAsync(tiny.Image, "tiny:a"));

        Assert.Equal("", await DockerAsync("image", "ls", "-q"));
    }

    private Task<LoadedImage> LoadAsync(ImageResult image, params string[] names) => LoadAsync(image, events, names);

    private async Task<LoadedImage> LoadAsync(ImageResult image, IEngineObserver observer, params string[] names)
    {
        var endpoint = new DockerEndpoint(new(daemon.Host));
        using var connection = await DockerConnection.OpenAsync(endpoint, TestContext.Current.CancellationToken);
        return await new DaemonLoad(connection, tiny.Store, observer).LoadAsync(
            image,
            [.. names.Select(ImageName.Parse)],
            TestContext.Current.CancellationToken
        );
    }

    private Task<string> DockerAsync(params string[] arguments) =>
        Programs.RunAsync("docker", ["-H", daemon.Host, .. arguments]);

    private async Task RemoveImagesAsync()
    {
        var ids = (await DockerAsync("image", "ls", "-q"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Distinct()
            .ToArray();
        if (ids.Length > 0)
            await DockerAsync(["image", "rm", "-f", .. ids]);
    }

    /// <summary>Removes all images when the first layer is said to be there, and only then.</summary>
    private sealed class Remover(string host) : IEngineObserver
    {
        private int done;

        public void On(EngineEvent happened)
        {
            if (happened is not BlobArrived { Arrival: BlobArrival.Present } || Interlocked.Exchange(ref done, 1) != 0)
                return;
            using var removal = Process.Start(
                "sh",
                ["-c", "docker -H \"$0\" image rm -f $(docker -H \"$0\" image ls -q)", host]
            );
            removal.WaitForExit();
        }
    }
}
