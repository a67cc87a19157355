using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Building.Running;
using Xunit;

namespace Recipes.Integration.Tests.Building;

public sealed class JobServerTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    [Fact]
    public async Task Makes_that_share_the_server_run_no_more_jobs_than_it_has_tokens()
    {
        using var server = new JobServer(folder.Path, 3);

        var makes = new[] { MakeAsync(server, "one"), MakeAsync(server, "two") };
        await Task.WhenAll(makes);

        // Each job notes how many job files exist while it runs. One build may start before its token is free.
        var most = File.ReadAllLines(folder.Join("counts")).Max(x => int.Parse(x, null));
        Assert.InRange(most, 2, 4);
        Assert.Equal(40, File.ReadAllLines(folder.Join("counts")).Length);
    }

    [Fact]
    public async Task All_tokens_are_back_when_the_builds_have_ended()
    {
        using var server = new JobServer(folder.Path, 2);
        await MakeAsync(server, "one");
        await Task.WhenAll(MakeAsync(server, "two"), MakeAsync(server, "three"));

        // A lost token would leave this make with one job for ever, and a surplus one with three.
        File.Delete(folder.Join("counts"));
        await MakeAsync(server, "four");
        var most = File.ReadAllLines(folder.Join("counts")).Max(x => int.Parse(x, null));
        Assert.Equal(2, most);
    }

    private async Task MakeAsync(JobServer server, string name)
    {
        var makefile = folder.Join(name + ".mk");
        var targets = string.Join(' ', Enumerable.Range(0, 20).Select(i => $"{name}{i}"));
        await File.WriteAllTextAsync(
            makefile,
            $"all: {targets}\n{targets}:\n\t@touch job.$@; sleep 0.05; ls | grep -c '^job\\.' >> counts; rm job.$@\n",
            TestContext.Current.CancellationToken
        );
        using var slot = server.Enter();
        var script =
            $"exec 8<>'{slot.Path}'; export MAKEFLAGS='-j3 --jobserver-auth=8,8'; exec make -f '{makefile}' all";
        await CliWrap
            .Cli.Wrap("sh")
            .WithArguments(["-c", script])
            .WithWorkingDirectory(folder.Path)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => folder.Dispose();
}
