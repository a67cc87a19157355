using Xunit;

namespace Recipes.Integration.Tests.Docker;

public sealed class DockerDaemonTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_daemon_of_the_tests_leaves_nothing_behind(bool isKilled)
    {
        var daemon = new DockerDaemon();
        await daemon.InitializeAsync();
        var (folder, host) = (daemon.Folder, daemon.Host);
        Assert.True(File.Exists(host["unix://".Length..]));
        if (isKilled)
            await daemon.KillAsync();
        await daemon.DisposeAsync();

        Assert.Empty(Sandboxes.SandboxFixture.ProcessesWith(folder + "/"));
        Assert.DoesNotContain(
            folder,
            await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(folder));
    }
}
