using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Integration.Tests.CommandLine;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>The command line with a daemon.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class DockerCommandTests(DockerDaemon daemon, SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    [Fact]
    public async Task A_build_runs_in_docker_and_doctor_removes_what_it_left()
    {
        await RunAsync("build", "toolchain", "--sandbox", "docker");
        await RunAsync("doctor", "--clean");
        var option = await RunAsync("build", "hello", "--sandbox", "docker");
        Assert.True(option.ExitCode == 0, option.StandardError);
        Assert.Contains("3 packages: 1 built, 2 cached, in ", option.StandardOutput, StringComparison.Ordinal);

        var removed = await RunAsync("doctor", "--clean");
        Assert.Matches("\\A(removed image recipes-sandbox:[0-9a-f]{24}\n)\\z", removed.StandardOutput);

        var nothing = await RunAsync("doctor", "--clean");
        Assert.Equal(
            (0, $"nothing to remove from the Docker daemon at {daemon.Host}\n"),
            (nothing.ExitCode, nothing.StandardOutput)
        );
        var json = JsonDocument.Parse((await RunAsync("doctor", "--clean", "--json")).StandardOutput).RootElement;
        Assert.Equal(daemon.Host, json.GetProperty("daemon").GetString());
        Assert.Equal(0, json.GetProperty("images").GetArrayLength());
    }

    [Fact]
    public async Task The_variable_chooses_docker_and_a_failure_shows_its_log()
    {
        workspace.WritePackage("broken", "echo half > /stage/file; echo going wrong >&2; exit 3");

        var run = await RunAsync(x => x.Set("RECIPES_SANDBOX", "docker"), "build", "broken");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("failed in step 'install' with exit status 3", run.StandardError, StringComparison.Ordinal);
        Assert.Contains("going wrong", run.StandardError, StringComparison.Ordinal);
        Assert.Equal(
            "half\n",
            await File.ReadAllTextAsync(
                Path.Join(workspace.Store, "kept/broken/stage/file"),
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task Doctor_knows_the_daemon()
    {
        var run = await RunAsync("doctor", "--sandbox", "docker");
        Assert.Matches($"\ngood    docker +20\\.10\\.[^ ]+ \\(API 1\\.41\\) at {daemon.Host}\n", run.StandardOutput);

        var absent = await RunAsync(
            x => x.Set("DOCKER_HOST", "unix:///nowhere/docker.sock"),
            "doctor",
            "--sandbox",
            "docker"
        );
        Assert.Equal(1, absent.ExitCode);
        Assert.Contains("fault   docker", absent.StandardOutput, StringComparison.Ordinal);
        Assert.Contains(
            "No Docker daemon answers at unix:///nowhere/docker.sock",
            absent.StandardOutput,
            StringComparison.Ordinal
        );
    }

    private Task<BufferedCommandResult> RunAsync(params string[] arguments) => RunAsync(_ => { }, arguments);

    private async Task<BufferedCommandResult> RunAsync(
        Action<CliWrap.Builders.EnvironmentVariablesBuilder> variables,
        params string[] arguments
    ) =>
        await CliWrap
            .Cli.Wrap(WorkspaceFolder.Program)
            .WithArguments([.. arguments])
            .WithWorkingDirectory(workspace.Root)
            .WithEnvironmentVariables(x =>
            {
                x.Set("RECIPES_STORE", workspace.Store).Set("DOCKER_HOST", daemon.Host);
                variables(x);
            })
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);
}
