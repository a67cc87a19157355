using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Sandboxes;
using Recipes.Integration.Tests.Sandboxes.Attempts;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

[Collection(nameof(DockerDaemon))]
public sealed class DockerAttemptTests(DockerDaemon daemon, SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Nothing_gets_out_of_a_container()
    {
        using var docker = new DockerSandbox(fixture.Store, new(new(daemon.Host)));
        using var program = await AttemptProgram.CompileAsync(fixture, TestContext.Current.CancellationToken);
        var request = fixture.Script("") with { Root = [fixture.Root, program.Tree], Arguments = program.Arguments };
        var (name, value) = AttemptProgram.Variable;
        var (result, log) = await fixture.RunAsync(
            request with
            {
                Environment = request.Environment.Add(name, value),
            },
            docker
        );
        Assert.True(result.Succeeded, log);
        AttemptProgram.AssertAllFailed(log, "docker");
    }
}
