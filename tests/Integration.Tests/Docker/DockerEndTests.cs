using System.Diagnostics;
using Docker.DotNet;
using Recipes.Engine;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>However an action ends, neither a process nor anything at the daemon is left of it.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class DockerEndTests(DockerDaemon daemon, SandboxFixture fixture)
    : IClassFixture<SandboxFixture>,
        IDisposable
{
    private const string MarkerVariable = "RECIPES_TEST_MARKER";
    private const string HostVariable = "RECIPES_TEST_DOCKER_HOST";

    private readonly DockerSandbox docker = new(fixture.Store, new(new(daemon.Host)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => docker.Dispose();

    [Fact]
    public async Task A_process_in_the_background_ends_with_the_action()
    {
        var marker = NewMarker();

        var (result, log) = await fixture.RunAsync(WithMounts(fixture.Script(Spawn(marker))), docker);

        Assert.Equal((0, "started\n"), (result.ExitStatus, log));
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Cancelling_kills_the_container()
    {
        var marker = NewMarker();
        using var log = new WatchedStream("started");
        using var cancel = new CancellationTokenSource();
        var run = docker.RunAsync(
            WithMounts(fixture.Script("trap '' TERM INT; " + Spawn(marker) + "sleep " + marker)),
            log,
            cancel.Token
        );
        await log.Seen.WaitAsync(Cancellation);
        Assert.NotEmpty(SandboxFixture.ProcessesWith(marker));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_cancelled_request_never_starts()
    {
        using var log = new MemoryStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            docker.RunAsync(fixture.Script("echo started"), log, new CancellationToken(canceled: true))
        );

        Assert.Equal(0, log.Length);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task The_time_limit_ends_every_process()
    {
        var marker = NewMarker();

        var (result, log) = await fixture.RunAsync(
            fixture.Script(Spawn(marker) + "sleep 600") with
            {
                Timeout = TimeSpan.FromSeconds(2),
                OutputDirectories = ["/stage"],
            },
            docker
        );

        Assert.Equal((SandboxEnd.TimedOut, 137, "started\n"), (result.End, result.ExitStatus, log));
        Assert.Empty(result.Outputs);
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_ends_the_action_and_is_told()
    {
        var marker = NewMarker();
        await using var full = new FullStream();

        var failure = await Assert.ThrowsAsync<EngineException>(() =>
            docker.RunAsync(fixture.Script(Spawn(marker) + "sleep 600"), full, Cancellation)
        );

        Assert.Equal("The log of test run cannot be written: No space left on device", failure.Message);
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
        await AssertNothingLeftAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task What_a_killed_engine_leaves_is_found_stale_and_removed()
    {
        var token = TestContext.Current.CancellationToken;
        var marker = NewMarker();
        using var victim = Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    "-explicit",
                    "only",
                    "-method",
                    $"{typeof(AbandonedAction).FullName}.{nameof(AbandonedAction.An_action_that_never_ends)}",
                ]
            )
            {
                Environment = { [MarkerVariable] = marker, [HostVariable] = daemon.Host },
                RedirectStandardOutput = true,
            }
        )!;
        var output = victim.StandardOutput.ReadToEndAsync(token);
        while (!victim.HasExited && SandboxFixture.ProcessesWith("sleep " + marker).Count == 0)
            await Task.Delay(20, token);
        Assert.False(victim.HasExited, victim.HasExited ? await output : "");
        using var connection = await DockerConnection.OpenAsync(new(new(daemon.Host)), token);
        var cleaner = new DockerCleaner(connection);
        Assert.Empty((await cleaner.CleanAsync(TimeSpan.FromDays(1), token)).Containers);

        victim.Kill();
        await victim.WaitForExitAsync(token);
        var removed = await cleaner.CleanAsync(TimeSpan.FromDays(1), token);

        Assert.Equal(["recipes-test-run"], removed.Containers.Select(x => x[..16]).Distinct());
        Assert.NotEmpty(removed.Volumes);
        Assert.Empty(removed.Images);
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
        await AssertNothingLeftAsync();
    }

    internal static SandboxRequest WithMounts(SandboxRequest request, SandboxFixture fixture) =>
        request with
        {
            Mounts =
            [
                new("/build", fixture.AddTree(("file", "1\n")), IsWritable: true),
                new("/recipe", fixture.AddTree(("file", "2\n")), IsWritable: false),
            ],
            OutputDirectories = ["/stage"],
        };

    private SandboxRequest WithMounts(SandboxRequest request) => WithMounts(request, fixture);

    private static string Spawn(string marker) => $"sleep {marker} & setsid sleep {marker} & echo started; ";

    // A number, so that sleep takes it, that no other process has.
    private static string NewMarker() => $"9{Random.Shared.NextInt64(100_000_000_000, 999_999_999_999)}";

    private async Task AssertNothingLeftAsync()
    {
        using var connection = await DockerConnection.OpenAsync(new(new(daemon.Host)), Cancellation);
        Assert.Empty(
            (await connection.Client.Containers.ListContainersAsync(new() { All = true }, Cancellation)).SelectMany(x =>
                x.Names
            )
        );
        Assert.Empty(((await connection.Client.Volumes.ListAsync(Cancellation)).Volumes ?? []).Select(x => x.Name));
    }

    /// <summary>Not a test: the engine that a test above kills.</summary>
    public sealed class AbandonedAction(SandboxFixture fixture) : IClassFixture<SandboxFixture>
    {
        [Fact(Explicit = true)]
        public async Task An_action_that_never_ends()
        {
            var marker = Environment.GetEnvironmentVariable(MarkerVariable)
                ?? throw new InvalidOperationException("Only for another test.");
            using var docker = new DockerSandbox(
                fixture.Store,
                new(new(Environment.GetEnvironmentVariable(HostVariable)!))
            );
            await fixture.RunAsync(WithMounts(fixture.Script($"sleep {marker}"), fixture), docker);
        }
    }
}
