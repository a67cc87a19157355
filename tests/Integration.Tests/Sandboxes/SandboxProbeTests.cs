using Recipes.Engine;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

public sealed class SandboxProbeTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task A_good_host_passes_every_check()
    {
        var probe = await SandboxProbe.RunAsync(fixture.Store, TestContext.Current.CancellationToken);
        Assert.True(probe.IsUsable);
        Assert.Equal(
            ["bubblewrap", "util-linux", "user namespaces", "signals", "sandbox", "overlay", "writable overlay"],
            probe.Checks.Select(x => x.Name)
        );
        Assert.All(probe.Checks, x => Assert.True(x.Passed && x.Fix is null, x.ToString()));
        Assert.Matches(@"^\d+\.\d+", probe.Checks[0].Detail.ToString());
        probe.Require();
    }

    [Fact]
    public Task A_host_without_bubblewrap_says_how_to_get_it() =>
        RunWithinAsync("mount --bind /dev/null \"$(command -v bwrap)\"", nameof(Where_there_is_no_bubblewrap));

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task Where_there_is_no_bubblewrap()
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => fixture.RunAsync(fixture.Script("true")));
        Assert.Equal(
            "No sandbox can be made: bubblewrap: bwrap: not found. To fix it: apt-get install bubblewrap",
            exception.Message
        );
    }

    [Fact]
    public Task A_host_without_user_namespaces_says_how_to_allow_them() =>
        RunWithinAsync("echo 0 > /proc/sys/user/max_user_namespaces", nameof(Where_there_are_no_user_namespaces));

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task Where_there_are_no_user_namespaces()
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => fixture.RunAsync(fixture.Script("true")));
        Assert.StartsWith(
            "No sandbox can be made: user namespaces: unshare: unshare failed: No space left",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "To fix it: sysctl -w user.max_user_namespaces=15000",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    // In namespaces of its own, a process may take from itself what another host lacks.
    private static async Task RunWithinAsync(string change, string method)
    {
        var (status, output, error) = await HostPrograms.RunAsync(
            "unshare",
            [
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                $"{change} && exec \"$@\"",
                "sh",
                Environment.ProcessPath!,
                "-explicit",
                "only",
                "-noColor",
                "-method",
                $"{typeof(SandboxProbeTests).FullName}.{method}",
            ],
            TestContext.Current.CancellationToken
        );
        Assert.True(status == 0 && output.Contains("Total: 1,", StringComparison.Ordinal), output + error);
    }

    [Fact]
    public void A_missing_program_names_its_mend()
    {
        var probe = new SandboxProbe([
            new("bubblewrap", false, true, "bwrap: not found", "apt-get install bubblewrap"),
        ]);
        Assert.False(probe.IsUsable);
        Assert.Equal(
            "No sandbox can be made: bubblewrap: bwrap: not found. To fix it: apt-get install bubblewrap",
            Assert.Throws<EngineException>(probe.Require).Message
        );
    }

    [Fact]
    public void A_host_without_overlays_is_usable()
    {
        var probe = new SandboxProbe([
            new("bubblewrap", true, true, "0.8.0", null),
            new("overlay", false, false, "refused", "use another"),
        ]);
        Assert.True(probe.IsUsable);
        Assert.Equal(new(false, false), probe.Overlay);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_no_exception()
    {
        var (status, _, error) = await HostPrograms.RunAsync(
            "no-such-program",
            [],
            TestContext.Current.CancellationToken
        );
        Assert.Equal((-1, "no-such-program: not found"), (status, error));
    }
}
