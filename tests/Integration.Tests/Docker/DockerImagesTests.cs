using System.Collections.Immutable;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>
/// What is sent to a daemon, also one that shares no file system with this process, and what stays there.
/// </summary>
[Collection(nameof(DockerDaemon))]
public sealed class DockerImagesTests(DockerDaemon daemon, SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const int Large = 20_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_layer_that_the_daemon_has_is_not_sent_again()
    {
        using var proxy = new CountingProxy(daemon.RemoteHost);
        var large = LargeTree("large");
        var (one, two) = (
            fixture.AddTree(("one", Guid.NewGuid().ToString())),
            fixture.AddTree(("two", Guid.NewGuid().ToString()))
        );

        var first = await SentAsync(proxy, large, one);
        var again = await SentAsync(proxy, one, large);
        var other = await SentAsync(proxy, two, large);
        var more = await SentAsync(proxy, two, one, large, LargeTree("more"));

        Assert.True(first > Large, $"{first}");
        Assert.True(again < 100_000, $"{again}");
        Assert.True(other < 100_000, $"{other}");
        Assert.InRange(more, Large, (2 * Large) - 1);
    }

    [Fact]
    public async Task The_image_is_one_layer_a_tree_and_says_whose_it_is()
    {
        var trees = ImmutableArray.Create(
            fixture.Root,
            fixture.AddTree(("a", Guid.NewGuid().ToString())),
            fixture.AddTree(("b", ""))
        );
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));
        await fixture.RunAsync(fixture.Script("true") with { Root = trees }, docker);
        using var connection = await DockerConnection.OpenAsync(new(new(daemon.Host)), Cancellation);
        var archive = new TreeArchive(fixture.Store);

        var images = await connection.Client.Images.ListImagesAsync(
            new() { Filters = DockerCleaner.Filter },
            Cancellation
        );
        var layers = new List<IEnumerable<string>>();
        foreach (var image in images)
        {
            Assert.StartsWith("recipes-sandbox:", Assert.Single(image.RepoTags), StringComparison.Ordinal);
            layers.Add(
                (await connection.Client.Images.InspectImageAsync(image.ID, Cancellation)).RootFS!.Layers!.Order(
                    StringComparer.Ordinal
                )
            );
        }

        var expected = trees.Select(x => "sha256:" + archive.Measure([x]).Hash).Order(StringComparer.Ordinal).ToList();
        Assert.Contains(layers, x => x.SequenceEqual(expected));
    }

    [Fact]
    public async Task A_root_of_more_trees_than_an_image_has_layers_is_whole()
    {
        var many = Enumerable.Range(0, 130).Select(x => fixture.AddTree(($"usr/share/many/{x}", $"{x}\n"))).ToList();
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));

        var printed = await fixture.PrintedAsync(
            "ls /usr/share/many | wc -l; cat /usr/share/many/129",
            x => x with { Root = [fixture.Root, .. many] },
            docker
        );

        Assert.Equal("130\n129\n", printed);
    }

    [Fact]
    public async Task Images_stay_while_they_are_used_and_are_removed_when_asked()
    {
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));
        await fixture.RunAsync(fixture.Script("true"), docker);
        using var connection = await DockerConnection.OpenAsync(new(new(daemon.Host)), Cancellation);
        var cleaner = new DockerCleaner(connection);

        Assert.Empty((await cleaner.CleanAsync(DockerCleaner.UnusedImages, Cancellation)).Images);
        Assert.NotEmpty((await cleaner.CleanAsync(TimeSpan.Zero, Cancellation)).Images);

        Assert.Empty(
            await connection.Client.Images.ListImagesAsync(
                new() { All = true, Filters = DockerCleaner.Filter },
                Cancellation
            )
        );
        // The sandbox knows nothing of it, and sends the image again.
        Assert.True((await fixture.RunAsync(fixture.Script("true"), docker)).Result.Succeeded);
    }

    [Fact]
    public async Task Two_builds_with_the_same_root_send_it_once()
    {
        using var proxy = new CountingProxy(daemon.RemoteHost);
        using var docker = new DockerSandbox(fixture.Store, new(new(proxy.Host)));
        var request = fixture.Script("true") with { Root = [fixture.Root, LargeTree("parallel")] };

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => fixture.RunAsync(request, docker)));

        Assert.InRange(proxy.Sent, Large, (2 * Large) - 1);
    }

    [Fact]
    public async Task A_remote_daemon_gets_the_sources_and_gives_the_outputs()
    {
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.RemoteHost)));
        var request = fixture.Script("cat /build/file /recipe/file > /stage/file");

        var (here, _) = await fixture.RunAsync(DockerEndTests.WithMounts(request, fixture));
        var (there, _) = await fixture.RunAsync(DockerEndTests.WithMounts(request, fixture), docker);

        Assert.Equal(here.Outputs, there.Outputs);
        Assert.Equal("1\n2\n", File.ReadAllText(Path.Join(fixture.Store.TreePath(there.Outputs["/stage"]), "file")));
    }

    [Fact]
    public async Task A_name_that_no_layer_can_hold_is_refused_in_a_root_and_taken_in_a_source()
    {
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));
        var tree = fixture.AddTree(("folder/.wh.file", "text"));

        var failure = await Assert.ThrowsAsync<EngineException>(() =>
            fixture.RunAsync(fixture.Script("true") with { Root = [fixture.Root, tree] }, docker)
        );
        var printed = await fixture.PrintedAsync(
            "cat /build/folder/.wh.file",
            x => x with { Mounts = [new("/build", tree, true)] },
            docker
        );

        Assert.Equal(
            "'folder/.wh.file' cannot be in the root of a Docker container: an image takes names that begin with "
                + ".wh. for deleted files; use bubblewrap",
            failure.Message
        );
        Assert.Equal("text", printed);
    }

    [Fact]
    public async Task A_tree_that_is_not_there_and_a_NUL_are_told_as_by_bubblewrap()
    {
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));
        var absent = Digest.Of("absent"u8);

        foreach (var request in new[] { fixture.Script("true") with { Root = [absent] }, fixture.Script("echo \0") })
        {
            var here = await Assert.ThrowsAsync<EngineException>(() => fixture.RunAsync(request));
            var there = await Assert.ThrowsAsync<EngineException>(() => fixture.RunAsync(request, docker));
            Assert.Equal(here.Message, there.Message);
        }
    }

    // Random, so that no other test has sent it, and no compression hides it.
    private Digest LargeTree(string name) =>
        fixture.AddTree(root =>
        {
            var bytes = new byte[Large];
            Random.Shared.NextBytes(bytes);
            File.WriteAllBytes(Path.Join(root, name), bytes);
        });

    private async Task<long> SentAsync(CountingProxy proxy, params Digest[] trees)
    {
        // A sandbox of its own: another command, later.
        using var docker = new DockerSandbox(fixture.Store, new(new(proxy.Host)));
        var before = proxy.Sent;
        await fixture.PrintedAsync("true", x => x with { Root = [fixture.Root, .. trees] }, docker);
        return proxy.Sent - before;
    }
}
