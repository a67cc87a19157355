using System.Diagnostics;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Processes;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>However an action ends, nothing of it is left.</summary>
public sealed class SandboxEndTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string MarkerVariable = "RECIPES_TEST_MARKER";

    // A child, a grandchild that leaves the session, and one whose parent is gone.
    private static string Spawn(string marker) =>
        $"sleep {marker} & setsid sleep {marker} & (setsid sh -c 'trap \"\" TERM HUP INT; sleep {marker} & exec "
        + $"sleep {marker}' > /dev/null 2>&1 &) ; echo started; ";

    // A number, so that sleep takes it, that no other process has.
    private static string NewMarker() => $"9{Random.Shared.NextInt64(100_000_000_000, 999_999_999_999)}";

    [Fact]
    public async Task A_process_in_the_background_ends_with_the_action()
    {
        var marker = NewMarker();
        Assert.Equal("started\n", await fixture.PrintedAsync(Spawn(marker)));
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
    }

    [Fact]
    public async Task Cancelling_ends_every_process()
    {
        var marker = NewMarker();
        using var log = new WatchedStream("started");
        using var cancel = new CancellationTokenSource();
        var run = fixture.Sandbox.RunAsync(
            fixture.Script(Spawn(marker) + "wait") with
            {
                Label = "cancelled",
            },
            log,
            cancel.Token
        );
        await log.Seen.WaitAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(SandboxFixture.ProcessesWith(marker));
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
        Assert.Empty(
            Directory.EnumerateFileSystemEntries(fixture.Store.Root, "*cancelled*", SearchOption.AllDirectories)
        );
    }

    [Fact]
    public async Task A_cancelled_request_never_starts()
    {
        var marker = NewMarker();
        using var log = new MemoryStream();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            fixture.Sandbox.RunAsync(fixture.Script(Spawn(marker)), log, new CancellationToken(canceled: true))
        );
        Assert.Equal(0, log.Length);
    }

    [Fact]
    public async Task The_time_limit_ends_every_process()
    {
        var marker = NewMarker();
        var (result, log) = await fixture.RunAsync(
            fixture.Script(Spawn(marker) + "wait; sleep 600") with
            {
                Timeout = TimeSpan.FromSeconds(1),
                OutputDirectories = ["/stage"],
            }
        );
        Assert.Equal((SandboxEnd.TimedOut, 137), (result.End, result.ExitStatus));
        Assert.False(result.Succeeded);
        Assert.Empty(result.Outputs);
        Assert.Null(result.CpuTime);
        Assert.Equal("started\n", log);
        Assert.Empty(SandboxFixture.ProcessesWith(marker));
    }

    [Fact]
    public async Task A_time_limit_that_is_kept_changes_nothing()
    {
        var (result, _) = await fixture.RunAsync(fixture.Script("true") with { Timeout = TimeSpan.FromMinutes(10) });
        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task Too_much_memory_is_told_apart()
    {
        var groups = ControlGroup.Create($"recipes-test-{Environment.ProcessId}", 1 << 30, null);
        var isGrouped = groups.LimitsMemory;
        groups.Dispose();
        var (result, log) = await fixture.RunAsync(
            fixture.Script("x=$(head -c 300000000 /dev/zero | tr '\\0' x); echo not reached") with
            {
                MemoryBytes = 60_000_000,
            }
        );
        Assert.DoesNotContain("not reached", log, StringComparison.Ordinal);
        Assert.False(result.Succeeded);
        // Without control groups every process has its own limit, and no more than its failure is seen.
        Assert.Equal(isGrouped ? SandboxEnd.OutOfMemory : SandboxEnd.Exited, result.End);
    }

    [Fact]
    public async Task A_memory_limit_that_is_kept_changes_nothing() =>
        Assert.Equal(
            "ok\n",
            await fixture.PrintedAsync("echo ok", x => x with { MemoryBytes = 200_000_000, Processes = 100 })
        );

    [Fact]
    public async Task Too_many_processes_are_refused()
    {
        var (result, log) = await fixture.RunAsync(
            fixture.Script("i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i+1)); done; echo not reached") with
            {
                Processes = 30,
            }
        );
        Assert.NotEqual(0, result.ExitStatus);
        Assert.Contains("can't fork", log, StringComparison.Ordinal);
        Assert.DoesNotContain("not reached", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_control_group_stays()
    {
        await fixture.RunAsync(
            fixture.Script("true") with
            {
                MemoryBytes = 200_000_000,
                Processes = 100,
                Label = "grouped",
            }
        );
        if (Directory.Exists("/sys/fs/cgroup"))
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
            Assert.Empty(
                Directory.EnumerateDirectories("/sys/fs/cgroup", $"{Environment.ProcessId}-grouped-*", options)
            );
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Killing_the_engine_ends_every_process()
    {
        var marker = NewMarker();
        using var victim = Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    "-explicit",
                    "only",
                    "-method",
                    $"{typeof(SandboxEndTests).FullName}.{nameof(A_sandbox_that_never_ends)}",
                ]
            )
            {
                Environment = { [MarkerVariable] = marker },
                RedirectStandardOutput = true,
            }
        )!;
        var output = victim.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        // Four: the sleeps that the script starts.
        await UntilAsync(() =>
            victim.HasExited
            || SandboxFixture.ProcessesWith(marker).Count(x => x.StartsWith("sleep", StringComparison.Ordinal)) >= 4
        );
        Assert.False(victim.HasExited, victim.HasExited ? await output : "");
        victim.Kill();
        await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => SandboxFixture.ProcessesWith(marker).Count == 0);
    }

    /// <summary>Not a test: the engine that the test above kills.</summary>
    [Fact(Explicit = true)]
    public async Task A_sandbox_that_never_ends()
    {
        var marker = Environment.GetEnvironmentVariable(MarkerVariable)
            ?? throw new InvalidOperationException("Only for another test.");
        await fixture.RunAsync(fixture.Script(Spawn(marker) + "wait; sleep 600"));
    }

    // The test's own time limit ends it where this never comes true.
    private static async Task UntilAsync(Func<bool> isTrue)
    {
        while (!isTrue())
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
