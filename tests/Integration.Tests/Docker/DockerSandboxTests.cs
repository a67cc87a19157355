using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>What an action sees and leaves in a container; that in bubblewrap is the measure.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class DockerSandboxTests : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly SandboxFixture fixture;
    private readonly DockerSandbox docker;

    public DockerSandboxTests(DockerDaemon daemon, SandboxFixture fixture)
    {
        this.fixture = fixture;
        docker = new(fixture.Store, new(new(daemon.Host)));
    }

    public void Dispose() => docker.Dispose();

    [Fact]
    public async Task There_is_no_network_but_a_loopback()
    {
        var interfaces = await PrintedAsync(
            "cat /proc/net/dev | tail -n +3 | sed 's/:.*//; s/ //g'; cat /proc/net/route | wc -l"
        );
        var reached = await PrintedAsync(
            "nc -w 2 1.1.1.1 53 </dev/null 2>/dev/null && echo reached || echo unreachable"
        );

        Assert.Equal("lo\n", interfaces.Replace("1\n", "", StringComparison.Ordinal));
        Assert.Equal("unreachable\n", reached);
    }

    [Fact]
    public async Task The_root_is_read_only_and_what_is_to_be_written_is_writable()
    {
        var printed = await PrintedAsync(
            """
            for path in /new /usr/new /usr/bin/new /recipe/new /etc/new; do
                if true 2>/dev/null > $path; then echo "$path was written"; fi
            done
            for path in /build/new /build/inner/new /stage/new /tmp/new; do true > $path && rm $path; done
            cat /build/file /build/inner/file /recipe/file
            """,
            x =>
                x with
                {
                    Mounts =
                    [
                        new("/build", fixture.AddTree(("file", "1\n")), IsWritable: true),
                        new("/build/inner", fixture.AddTree(("file", "2\n")), IsWritable: true),
                        new("/recipe", fixture.AddTree(("file", "3\n")), IsWritable: false),
                    ],
                    OutputDirectories = ["/stage"],
                }
        );

        Assert.Equal("1\n2\n3\n", printed);
    }

    [Fact]
    public async Task It_has_no_capabilities_and_gets_no_new_privileges()
    {
        var status = await PrintedAsync(
            "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | tr -d '\\t'; hostname; id -u; pwd; echo $PPID"
        );

        Assert.Equal(
            """
            CapInh:0000000000000000
            CapPrm:0000000000000000
            CapEff:0000000000000000
            CapBnd:0000000000000000
            CapAmb:0000000000000000
            NoNewPrivs:1
            Seccomp:2
            recipes
            0
            /
            0

            """,
            status
        );
    }

    [Fact]
    public async Task The_environment_and_the_trees_are_those_of_bubblewrap()
    {
        const string script =
            "env | sort; umask; find /build -exec stat -c '%n %a %u %g %Y %F' {} + | sort; ls -A /sys | wc -l; "
            + "readlink /proc/self/fd/0";
        SandboxRequest With(SandboxRequest x) =>
            x with
            {
                Mounts = [new("/build", fixture.AddTree(("file", "text"), ("folder/größe", "")), IsWritable: true)],
                Environment = x.Environment.Add("WITH SPACE", "a b\n\"c\"$d"),
                WorkingDirectory = "/build",
                Jobs = 3,
            };

        var here = await fixture.PrintedAsync(script, With, fixture.Sandbox);
        var there = await fixture.PrintedAsync(script, With, docker);

        Assert.Equal(here.Replace("ls: /sys: No such file or directory\n", "", StringComparison.Ordinal), there);
    }

    [Fact]
    public async Task The_outputs_are_the_same_trees_as_under_bubblewrap()
    {
        var request = fixture.Script(
            """
            cd /stage
            mkdir -p a/b empty secret; echo text > a/b/file; chmod 600 a/b/file
            echo run > a/run; chmod 4755 a/run; ln a/run a/again; ln -s ../run a/b/link; ln -s /nowhere dangling
            ln a/b/link a/b/link2; : > "with space
            and line"; echo > größe; chmod 0 secret; head -c 3000000 /dev/zero > zeros
            long=$(printf 'n%.0s' $(seq 1 200)); mkdir -p $long/$long; echo deep > $long/$long/$long
            cat /build/file > copied; echo other > /second/file
            """
        ) with
        {
            Mounts = [new("/build", fixture.AddTree(("file", "1\n")), IsWritable: true)],
            OutputDirectories = ["/stage", "/second", "/build/third"],
        };

        var (here, _) = await fixture.RunAsync(request);
        var (there, log) = await fixture.RunAsync(request, docker);

        Assert.Equal("", log);
        Assert.Equal(["/build/third", "/second", "/stage"], here.Outputs.Keys);
        Assert.Equal(here.Outputs, there.Outputs);
    }

    [Fact]
    public async Task Standard_output_and_error_keep_their_order_and_stream()
    {
        using var log = new WatchedStream("first");
        var request = fixture.Script("echo first; while [ ! -e /tmp/go ]; do sleep 0.1; done") with
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = docker.RunAsync(request, log, cancel.Token);
        await log.Seen.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        var printed = await PrintedAsync("for i in $(seq 1 500); do echo out $i; echo err $i >&2; done");

        Assert.Equal(string.Concat(Enumerable.Range(1, 500).Select(x => $"out {x}\nerr {x}\n")), printed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(137)]
    public async Task The_exit_status_is_that_of_the_program(int status)
    {
        var (result, _) = await fixture.RunAsync(
            fixture.Script($"echo made > /stage/file; exit {status}") with
            {
                OutputDirectories = ["/stage"],
            },
            docker
        );

        Assert.Equal((SandboxEnd.Exited, status), (result.End, result.ExitStatus));
        Assert.Equal(status == 0 ? ["/stage"] : [], result.Outputs.Keys);
    }

    [Fact]
    public async Task A_program_that_is_not_there_has_status_127_and_says_so()
    {
        var (result, log) = await fixture.RunAsync(
            fixture.Script("") with
            {
                Arguments = ["/usr/bin/absent", "x"],
            },
            docker
        );

        Assert.Equal((SandboxEnd.Exited, 127), (result.End, result.ExitStatus));
        Assert.Contains("/usr/bin/absent", log, StringComparison.Ordinal);
        Assert.Contains("no such file or directory", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_processes_and_time_are_limited()
    {
        var memory = await fixture.RunAsync(
            fixture.Script("x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo done") with
            {
                MemoryBytes = 50_000_000,
            },
            docker
        );
        var hidden = await fixture.RunAsync(
            fixture.Script("(x=$(head -c 200000000 /dev/zero | tr '\\0' x)); exit 0") with
            {
                MemoryBytes = 50_000_000,
            },
            docker
        );
        var processes = await fixture.RunAsync(
            fixture.Script("for i in $(seq 1 40); do sleep 20 & done; wait") with
            {
                Processes = 20,
            },
            docker
        );
        var time = await fixture.RunAsync(
            fixture.Script("sleep 1000 & sleep 1000") with
            {
                Timeout = TimeSpan.FromSeconds(1),
            },
            docker
        );
        var defaults = await PrintedAsync("cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || echo hidden");

        Assert.Equal(SandboxEnd.OutOfMemory, memory.Result.End);
        Assert.Equal(SandboxEnd.OutOfMemory, hidden.Result.End);
        Assert.False(hidden.Result.Succeeded);
        Assert.NotEqual(0, processes.Result.ExitStatus);
        Assert.Contains("fork", processes.Log, StringComparison.Ordinal);
        Assert.Equal(SandboxEnd.TimedOut, time.Result.End);
        Assert.Equal("hidden\n", defaults);
    }

    [Fact]
    public async Task A_failed_action_keeps_what_it_wrote()
    {
        var kept = fixture.Store.KeptPath("docker test");

        var (result, _) = await fixture.RunAsync(
            fixture.Script(
                "echo changed > /build/file; echo made > /stage/made; echo temporary > /tmp/file; mkfifo /tmp/fifo "
                    + "2>/dev/null; exit 1"
            ) with
            {
                Mounts = [new("/build", fixture.AddTree(("file", "1\n"), ("other", "2\n")), IsWritable: true)],
                OutputDirectories = ["/stage"],
                KeepOnFailure = kept,
            },
            docker
        );

        Assert.Equal(kept, result.Kept);
        Assert.Equal("changed\n", File.ReadAllText(Path.Join(kept, "build/file")));
        Assert.Equal("2\n", File.ReadAllText(Path.Join(kept, "build/other")));
        Assert.Equal("made\n", File.ReadAllText(Path.Join(kept, "stage/made")));
        Assert.Equal("temporary\n", File.ReadAllText(Path.Join(kept, "tmp/file")));
    }

    private Task<string> PrintedAsync(string script, Func<SandboxRequest, SandboxRequest>? with = null) =>
        fixture.PrintedAsync(script, with, docker);
}
