using Recipes.Engine;
using Recipes.Engine.Sandboxes.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>What a container is never asked for; no daemon is needed to say so.</summary>
public sealed class DockerLimitsTests : IDisposable
{
    private readonly SandboxFixture fixture = new();

    [Theory]
    [InlineData(1000, null)]
    [InlineData(0, "/kept")]
    public async Task Tests_and_resumed_builds_are_refused(int user, string? kept)
    {
        using var docker = new DockerSandbox(fixture.Store, DockerEndpoint.Find(_ => null));
        var request = fixture.Script("true") with { User = user, KeptFolder = kept };

        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            docker.RunAsync(request, Stream.Null, TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            "Tests, and builds that are resumed, run with bubblewrap alone: test run cannot run in a container; use "
                + "bubblewrap",
            fault.Message
        );
    }

    public void Dispose() => fixture.Dispose();
}
