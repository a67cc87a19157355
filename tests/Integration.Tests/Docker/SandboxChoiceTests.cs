using Recipes.Engine;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Engine.Sandboxes.Hosts;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>Bubblewrap where it works, else Docker, else what to do.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class SandboxChoiceTests(DockerDaemon daemon, SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private static readonly SandboxProbe Without = new([
        new("bubblewrap", false, true, "bwrap: not found", "apt-get install bubblewrap"),
    ]);
    private static readonly SandboxProbe With = new([new("bubblewrap", true, true, "0.8.0", null)]);

    [Fact]
    public async Task Bubblewrap_comes_first() =>
        Assert.IsType<BubblewrapSandbox>(await ChooseAsync(null, With, daemon.Host));

    [Fact]
    public async Task Docker_takes_its_place() =>
        Assert.IsType<DockerSandbox>(await ChooseAsync(null, Without, daemon.Host));

    [Fact]
    public async Task A_wish_is_followed_without_asking()
    {
        Assert.IsType<BubblewrapSandbox>(await ChooseAsync(SandboxKind.Bubblewrap, Without, daemon.Host));
        Assert.IsType<DockerSandbox>(await ChooseAsync(SandboxKind.Docker, With, "unix:///nowhere/docker.sock"));
    }

    [Fact]
    public async Task Without_either_the_message_says_how_to_fix_both() =>
        Assert.Equal(
            """
            No sandbox can be made: bubblewrap: bwrap: not found. To fix it: apt-get install bubblewrap
            Docker cannot take its place: No Docker daemon answers at unix:///nowhere/docker.sock: No such file or directory. Start it (systemctl start docker), install it (apt-get install docker.io), or name another with DOCKER_HOST.
            To find out more, look at what the host lacks.
            """,
            (
                await Assert.ThrowsAsync<EngineException>(() =>
                    ChooseAsync(null, Without, "unix:///nowhere/docker.sock")
                )
            ).Message
        );

    [Fact]
    public async Task What_was_chosen_runs()
    {
        using var choice = new SandboxChoice(fixture.Store, null, x => x == "DOCKER_HOST" ? daemon.Host : null)
        {
            Probe = Without,
        };

        Assert.Equal("recipes\n", await fixture.PrintedAsync("hostname", sandbox: choice));
        Assert.Equal("docker", choice.Name);
    }

    [Theory]
    [InlineData(null, false, true, false, false)]
    [InlineData(null, false, false, true, false)]
    [InlineData(null, true, false, false, false)]
    [InlineData(SandboxKind.Docker, true, false, false, true)]
    [InlineData(SandboxKind.Bubblewrap, false, true, true, false)]
    public async Task Doctor_asks_for_what_would_be_chosen(
        SandboxKind? kind,
        bool hasBubblewrap,
        bool hasDocker,
        bool lacksBubblewrap,
        bool lacksDocker
    )
    {
        var host = hasDocker ? daemon.Host : "unix:///nowhere/docker.sock";
        var probe = new HostProbe(fixture.Store.Root, "", x => x == "DOCKER_HOST" ? host : null)
        {
            Sandbox = kind,
            Bubblewrap = hasBubblewrap ? With : Without,
        };

        var faults = (await probe.RunAsync(TestContext.Current.CancellationToken))
            .Checks.Where(x => !x.Passed && x.IsRequired)
            .ToList();

        Assert.Equal(lacksBubblewrap, faults.Any(x => x.Name == "bubblewrap"));
        Assert.Equal(lacksDocker, faults.Any(x => x.Name == "docker"));
    }

    private async Task<ISandbox> ChooseAsync(SandboxKind? kind, SandboxProbe probe, string host)
    {
        using var choice = new SandboxChoice(fixture.Store, kind, x => x == "DOCKER_HOST" ? host : null)
        {
            Probe = probe,
        };
        return await choice.ChooseAsync(TestContext.Current.CancellationToken);
    }
}
