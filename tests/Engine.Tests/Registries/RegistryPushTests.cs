using Recipes.Engine.Http;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Pushing;
using Recipes.Engine.Tests.Sources;
using Xunit;

namespace Recipes.Engine.Tests.Registries;

public sealed class RegistryPushTests : IDisposable
{
    private readonly PushFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private FakeRegistry Registry => fixture.Registry;

    [Fact]
    public async Task Every_blob_arrives_and_the_tag_comes_last()
    {
        var pushed = await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.Equal($"{Registry.Host}/team/app:1.0", pushed.Target.ToString());
        Assert.Equal(fixture.Image.Manifest, pushed.Manifest);
        Assert.False(pushed.WasThere);
        Assert.All(pushed.Blobs, x => Assert.Equal(BlobArrival.Sent, x.Arrival));
        Assert.Equal("PUT /v2/team/app/manifests/1.0", Registry.Requests.Last());
        Assert.Equal(["big", "configuration", "small"], fixture.Events.Of<BlobArrived>().Select(x => x.Name).Order());
        Assert.Equal(100_000, fixture.Events.Of<BlobProgress>().Where(x => x.Name == "big").Max(x => x.Total));
    }

    [Fact]
    public async Task A_large_blob_goes_in_chunks_and_a_small_one_in_one_request()
    {
        await fixture.PushAsync();

        Assert.Equal(
            ["0-32767", "32768-65535", "65536-98303", "98304-99999"],
            Registry.Asked.Where(x => x.Method == "PATCH").Select(x => x.Headers["Content-Range"])
        );
        Assert.Equal(
            [0, 2, 13],
            Registry.Asked.Where(x => x.Method == "PUT" && x.Path.Contains("blobs")).Select(x => x.Body.Length).Order()
        );
    }

    [Fact]
    public async Task Chunks_are_as_large_as_the_registry_wants_them()
    {
        Registry.Fault = asked =>
        {
            if (asked.Method != "POST")
                return null;
            Registry.Uploads["wide"] = [];
            return new("202 Accepted", [], "Location: /v2/team/app/blobs/uploads/wide", "OCI-Chunk-Min-Length: 50000");
        };

        await fixture.PushAsync(options: fixture.Options with { Uploads = 1 });

        Assert.Contains(
            "0-49999",
            Registry.Asked.Where(x => x.Method == "PATCH").Select(x => x.Headers["Content-Range"])
        );
    }

    [Fact]
    public async Task The_same_image_again_is_one_question()
    {
        await fixture.PushAsync();
        var before = Registry.Requests.Count();

        var again = await fixture.PushAsync();

        Assert.True(again.WasThere);
        Assert.Equal(["GET /v2/", "HEAD /v2/team/app/manifests/1.0"], Registry.Requests.Skip(before));
    }

    [Fact]
    public async Task Blobs_that_are_there_are_not_sent()
    {
        await fixture.PushAsync();

        var other = await fixture.PushAsync("team/app:new");

        Assert.All(other.Blobs, x => Assert.Equal(BlobArrival.Present, x.Arrival));
        fixture.AssertPushed(tag: "new");
    }

    [Fact]
    public async Task Blobs_of_another_repository_are_mounted_from_there()
    {
        await fixture.PushAsync();
        var before = Registry.Requests.Count();

        var other = await fixture.PushAsync("other/app");

        fixture.AssertPushed("other/app");
        Assert.All(other.Blobs, x => Assert.Equal(BlobArrival.Mounted, x.Arrival));
        Assert.DoesNotContain(Registry.Requests.Skip(before), x => x.StartsWith("PATCH", StringComparison.Ordinal));
        Assert.Contains(fixture.Events.Of<BlobArrived>(), x => x.From == "team/app");
    }

    [Fact]
    public async Task A_mount_that_fails_is_an_upload()
    {
        await fixture.PushAsync();
        Registry.Blobs.Clear();
        Registry.Fault = asked =>
            asked.Path.Contains("from=", StringComparison.Ordinal)
            && asked.Path.Contains(fixture.Image.Layers[0].Blob.Hash, StringComparison.Ordinal)
                ? FakeRegistry.Error("403 Forbidden", "DENIED", "no pull there")
                : null;

        var other = await fixture.PushAsync("other/app");

        fixture.AssertPushed("other/app");
        Assert.All(other.Blobs, x => Assert.Equal(BlobArrival.Sent, x.Arrival));
    }

    [Fact]
    public async Task After_a_cut_only_the_missing_bytes_are_sent()
    {
        var isCut = false;
        Registry.Fault = asked =>
        {
            if (
                isCut
                || asked.Method != "PATCH"
                || !asked.Headers["Content-Range"].StartsWith("32768-", StringComparison.Ordinal)
            )
                return null;
            isCut = true;
            // A part of the chunk has arrived when the connection ends.
            var id = asked.Path.Split('/', '?')[^2];
            Registry.Uploads[id] = [.. Registry.Uploads[id], .. asked.Body[..1000]];
            return new("", []) { IsHangup = true };
        };

        await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.Equal(
            ["0-32767", "32768-65535", "33768-66535", "66536-99303", "99304-99999"],
            Registry.Asked.Where(x => x.Method == "PATCH").Select(x => x.Headers["Content-Range"])
        );
        var retry = Assert.Single(fixture.Events.Of<RequestRetried>());
        Assert.Equal("big", retry.Name);
    }

    [Fact]
    public async Task An_upload_that_the_registry_forgot_starts_anew()
    {
        var isForgotten = false;
        Registry.Fault = asked =>
        {
            if (
                isForgotten
                || asked.Method != "PATCH"
                || !asked.Headers["Content-Range"].StartsWith("65536-", StringComparison.Ordinal)
            )
                return null;
            isForgotten = true;
            Registry.Uploads.Clear();
            return null;
        };

        await fixture.PushAsync(options: fixture.Options with { Uploads = 1 });

        fixture.AssertPushed();
    }

    [Fact]
    public async Task A_blob_whose_last_answer_was_lost_is_not_sent_again()
    {
        var isLost = false;
        Registry.Fault = asked =>
        {
            if (
                isLost
                || asked.Method != "PUT"
                || asked.Body.Length != 13
                || asked.Path.Contains("manifests", StringComparison.Ordinal)
            )
                return null;
            isLost = true;
            Registry.Blobs[("team/app", "sha256:" + fixture.Image.Layers[0].Blob.Hash)] = asked.Body;
            return new("", []) { IsHangup = true };
        };

        await fixture.PushAsync();

        fixture.AssertPushed();
        Assert.Single(Registry.Asked, x =>
            x.Method == "PUT" && x.Body.Length == 13 && x.Path.Contains("blobs", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_busy_registry_is_asked_again_when_it_says()
    {
        var isBusy = true;
        Registry.Fault = asked =>
        {
            if (!isBusy || asked.Method != "POST")
                return null;
            isBusy = false;
            return FakeRegistry.Error("429 Too Many Requests", "TOOMANYREQUESTS", "slow down", "Retry-After: 1");
        };

        await fixture.PushAsync();

        fixture.AssertPushed();
        var retry = Assert.Single(fixture.Events.Of<RequestRetried>());
        Assert.Equal(TimeSpan.FromSeconds(1), retry.Pause);
        Assert.Equal("it answers 429 Too Many Requests (TOOMANYREQUESTS: slow down)", retry.Reason);
    }

    [Fact]
    public async Task A_manifest_that_the_registry_calls_otherwise_is_an_error()
    {
        Registry.Fault = asked =>
            asked.Method == "PUT" && asked.Path.Contains("manifests", StringComparison.Ordinal)
                ? new("201 Created", [], "Docker-Content-Digest: sha256:" + new string('0', 64))
                : null;

        Assert.Contains(
            $"but it is sha256:{fixture.Image.Manifest.Hash}",
            await fixture.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Cancelled_it_ends_at_once_and_sets_no_tag()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Registry.Fault = asked =>
        {
            if (asked.Method != "PATCH")
                return null;
            cancel.Cancel();
            return new("", []) { IsSilent = true };
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new RegistryPush(fixture.Store, fixture.Options, fixture.Events).PushAsync(
                fixture.Image,
                RegistryReference.Parse($"{Registry.Host}/team/app"),
                cancel.Token
            )
        );

        Assert.Empty(Registry.Manifests);
    }
}
