using Recipes.Engine.Building.Running;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>How the jobs of this machine, or of another, are shared among containers.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class DockerJobServerTests(DockerDaemon daemon, SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task A_local_daemon_shows_the_fifo_and_its_tokens_are_those_of_this_machine()
    {
        using var scratch = fixture.Store.CreateScratch("jobs");
        using var server = new JobServer(scratch.Path, 3);
        using var slot = server.Enter();
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));

        var printed = await fixture.PrintedAsync(
            """
            exec 8<>/run/jobserver
            echo $JOBS $(dd bs=1 count=2 <&8 2>/dev/null)
            printf ++ >&8
            """,
            x => x with { JobServer = slot.Path, Jobs = 3 },
            docker
        );

        Assert.Equal("3 ++\n", printed);
    }

    [Fact]
    public async Task Builds_at_a_remote_daemon_split_the_jobs()
    {
        using var scratch = fixture.Store.CreateScratch("jobs");
        using var server = new JobServer(scratch.Path, 8);
        using var slot = server.Enter();
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.RemoteHost)));
        SandboxRequest With(SandboxRequest x) => x with { JobServer = slot.Path, Jobs = 8 };

        using var started = new WatchedStream("8 fifo: 1");
        using var cancel = new CancellationTokenSource();
        var first = docker.RunAsync(
            With(fixture.Script("test -p /run/jobserver; echo $JOBS fifo: $?; sleep 600")),
            started,
            cancel.Token
        );
        await started.Seen.WaitAsync(TestContext.Current.CancellationToken);
        var second = await fixture.PrintedAsync("test -p /run/jobserver; echo $JOBS fifo: $?", With, docker);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.Equal("4 fifo: 1\n", second);
        Assert.Equal(
            "8 fifo: 1\n",
            await fixture.PrintedAsync("test -p /run/jobserver; echo $JOBS fifo: $?", With, docker)
        );
    }
}
