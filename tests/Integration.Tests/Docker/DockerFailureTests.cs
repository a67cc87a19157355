using System.Diagnostics;
using System.Text;
using Recipes.Engine;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>
/// A daemon that is absent, too old, full, or that dies: each has an error of its own, and no output.
/// </summary>
public sealed class DockerFailureTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task No_daemon()
    {
        Assert.Equal(
            "No Docker daemon answers at unix:///nowhere/docker.sock: No such file or directory. Start it "
                + "(systemctl start docker), "
                + "install it (apt-get install docker.io), or name another with DOCKER_HOST.",
            await FailureOfAsync("unix:///nowhere/docker.sock")
        );
        Assert.StartsWith(
            "No Docker daemon answers at tcp://127.0.0.1:1: Connection refused. Start it ",
            await FailureOfAsync("tcp://127.0.0.1:1"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "1.24",
        "1.12",
        "is too old: it speaks API 1.24 (Docker 99), and recipes needs API 1.41 (Docker 20.10) or later. Update it, "
            + "or name another daemon with DOCKER_HOST."
    )]
    [InlineData(
        "2.7",
        "2.0",
        "is too new: it speaks no API before 2.0, and this version of recipes knows none after 1.51. Use a newer "
            + "recipes, or name another daemon with DOCKER_HOST."
    )]
    public async Task A_daemon_with_another_API_is_told_which_one_is_needed(
        string newest,
        string oldest,
        string message
    )
    {
        using var server = new TinyServer(_ =>
            new(
                "200 OK",
                Encoding.ASCII.GetBytes(
                    $$"""{"Version":"99","ApiVersion":"{{newest}}","MinAPIVersion":"{{oldest}}"}"""
                ),
                "Content-Type: application/json"
            )
        );
        var host = server.Url.Replace("http://", "tcp://", StringComparison.Ordinal);

        Assert.Equal($"The Docker daemon at {host} {message}", await FailureOfAsync(host));
    }

    [Fact]
    public async Task Something_that_is_no_daemon()
    {
        using var server = new TinyServer(_ => TinyServer.Missing);
        using var silent = new TinyServer(_ => new("200 OK", "hello"u8.ToArray()));

        var host = server.Url.Replace("http://", "tcp://", StringComparison.Ordinal);
        Assert.Equal($"What answers at {host} is not a Docker daemon: no", await FailureOfAsync(host));
        host = silent.Url.Replace("http://", "tcp://", StringComparison.Ordinal);
        Assert.StartsWith(
            $"What answers at {host} is not a Docker daemon: ",
            await FailureOfAsync(host),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "ssh://me@host",
        "'ssh://me@host': recipes does not speak SSH to a Docker daemon. Forward its socket instead (ssh -N -L "
            + "/tmp/docker.sock:/var/run/docker.sock me@host), and set DOCKER_HOST=unix:///tmp/docker.sock."
    )]
    [InlineData(
        "npipe://x/y",
        "'npipe://x/y' is not a Docker endpoint. Set DOCKER_HOST to unix:///PATH or tcp://HOST:PORT."
    )]
    [InlineData(
        "nonsense",
        "The Docker host 'nonsense' is invalid. Set DOCKER_HOST to unix:///PATH or tcp://HOST:PORT."
    )]
    public void An_endpoint_that_is_none(string host, string message) =>
        Assert.Equal(
            message,
            Assert.Throws<EngineException>(() => DockerEndpoint.Find(x => x == "DOCKER_HOST" ? host : null)).Message
        );

    [Fact]
    public void An_endpoint_is_that_of_the_docker_command()
    {
        Assert.Equal(
            "unix:///var/run/docker.sock",
            DockerEndpoint.Find(x => x == "DOCKER_CONFIG" ? "/nowhere" : null).ToString()
        );
        Assert.Equal("tcp://host:2375", DockerEndpoint.Find(x => x == "DOCKER_HOST" ? "tcp://host" : null).ToString());
        var tls = Assert.Throws<EngineException>(() =>
            DockerEndpoint.Find(x =>
                x == "DOCKER_HOST" ? "tcp://host:2376"
                : x == "DOCKER_TLS_VERIFY" ? "1"
                : null
            )
        );
        Assert.Contains("recipes does not speak TLS to a Docker daemon", tls.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_daemon_that_dies_in_the_middle_leaves_no_output_and_is_cleaned_when_it_is_back()
    {
        var token = TestContext.Current.CancellationToken;
        var daemon = new DockerDaemon();
        await daemon.InitializeAsync();
        try
        {
            using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));
            using var log = new WatchedStream("started");
            var marker = $"8{Random.Shared.NextInt64(100_000_000_000, 999_999_999_999)}";
            var request = fixture.Script($"echo half > /stage/file; echo started; sleep {marker}") with
            {
                OutputDirectories = ["/stage"],
            };
            var run = docker.RunAsync(request, log, token);
            await log.Seen.WaitAsync(token);

            await daemon.KillAsync();

            var failure = await Assert.ThrowsAsync<EngineException>(() => run);
            Assert.StartsWith(
                $"The Docker daemon at {daemon.Host} ended or cannot be reached any more, while running test run: ",
                failure.Message,
                StringComparison.Ordinal
            );
            Assert.EndsWith(
                "\nNothing of what it was doing was kept. Start it again, then run this command again.",
                failure.Message,
                StringComparison.Ordinal
            );
            await daemon.InitializeAsync();
            Assert.True((await fixture.RunAsync(fixture.Script("true"), docker)).Result.Succeeded);
            Assert.Empty(SandboxFixture.ProcessesWith(marker));
            using var connection = await DockerConnection.OpenAsync(new(new(daemon.Host)), token);
            Assert.Empty(await connection.Client.Containers.ListContainersAsync(new() { All = true }, token));
        }
        finally
        {
            await daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_daemon_without_space_says_so_for_images_and_for_sources()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can start dockerd");
        var disk = Directory.CreateTempSubdirectory("recipes-small-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk);
        var daemon = new DockerDaemon { DataRoot = disk };
        try
        {
            await daemon.InitializeAsync();
            using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));
            var large = fixture.AddTree(root => File.WriteAllBytes(Path.Join(root, "large"), new byte[60_000_000]));
            var small = fixture.Script("true") with { OutputDirectories = ["/stage"] };
            Assert.True((await fixture.RunAsync(small, docker)).Result.Succeeded);

            var image = await Assert.ThrowsAsync<EngineException>(() =>
                fixture.RunAsync(small with { Root = [fixture.Root, large] }, docker)
            );
            var sources = await Assert.ThrowsAsync<EngineException>(() =>
                fixture.RunAsync(small with { Mounts = [new("/build", large, IsWritable: true)] }, docker)
            );

            AssertFull(daemon, "taking an image", image);
            AssertFull(daemon, "bringing the sources of test run", sources);
            Assert.True((await fixture.RunAsync(small, docker)).Result.Succeeded);
        }
        finally
        {
            await daemon.DisposeAsync();
            Run("umount", "--lazy", disk);
            Directory.Delete(disk);
        }
    }

    private static void AssertFull(DockerDaemon daemon, string doing, EngineException failure)
    {
        Assert.StartsWith(
            $"The Docker daemon at {daemon.Host} has no space left, while {doing}: ",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "\nMake room where it keeps its data, or delete what builds have left in the daemon.",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    private async Task<string> FailureOfAsync(string host)
    {
        using var docker = new DockerSandbox(fixture.Store, new(new(host)));
        return (
            await Assert.ThrowsAsync<EngineException>(() => fixture.RunAsync(fixture.Script("true"), docker))
        ).Message;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
