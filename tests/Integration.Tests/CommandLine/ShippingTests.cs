using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using CliWrap.EventStream;
using Recipes.Integration.Tests.Docker;
using Recipes.Integration.Tests.Registries;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary><c>load</c>, <c>try</c> and <c>push</c>, as a person meets them.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class ShippingTests(SmallWorkspace workspace, DockerDaemon daemon) : IClassFixture<SmallWorkspace>
{
    [Fact]
    public async Task An_image_is_loaded_and_then_only_named()
    {
        var first = await RunAsync("load", "hello-image");
        var second = await RunAsync("load", "hello-image", "--tag", "mine:1", "-t", "mine", "--json");

        Assert.True(first.ExitCode == 0, first.StandardError);
        Assert.Matches("^hello-image:1: sha256:[0-9a-f]{64}, ", first.StandardOutput);
        using var json = JsonDocument.Parse(second.StandardOutput);
        Assert.True(json.RootElement.GetProperty("wasThere").GetBoolean());
        Assert.Equal(
            ["mine:1", "mine:latest"],
            json.RootElement.GetProperty("names").EnumerateArray().Select(x => x.GetString())
        );
        Assert.Equal(
            "hello you from here\n",
            await Programs.RunAsync(
                "docker",
                "-H",
                daemon.Host,
                "run",
                "--rm",
                "--network",
                "none",
                "-h",
                "here",
                "mine",
                "you"
            )
        );
    }

    [Fact]
    public async Task An_image_is_pushed_and_then_unchanged()
    {
        await using var registry = await RegistryServer.StartAsync();

        var first = await RunAsync("push", "hello-image", $"{registry.Host}/team/hello");
        var second = await RunAsync("push", "hello-image", $"{registry.Host}/team/hello", "--json");

        Assert.True(first.ExitCode == 0, first.StandardError);
        var digest = await registry.DigestAsync("team/hello:1");
        Assert.StartsWith($"{registry.Host}/team/hello:1: {digest}\n", first.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("hello: sent (", first.StandardError, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(second.StandardOutput);
        Assert.True(json.RootElement.GetProperty("wasThere").GetBoolean());
        Assert.Equal(digest, json.RootElement.GetProperty("manifest").GetString());
    }

    [Theory]
    [InlineData(
        "push",
        "hello-image",
        "team/hello",
        2,
        "error: 'team/hello' is not a place for an image (REGISTRY/REPOSITORY[:TAG]): the registry is missing"
    )]
    [InlineData(
        "push",
        "hello-image",
        "127.0.0.1:9/hello",
        1,
        "error: No connection to the registry '127.0.0.1:9': Connection refused."
    )]
    [InlineData(
        "push",
        "hello",
        "127.0.0.1:9/hello",
        2,
        "error: 'hello' is a package, not an image (pkgs/hello/recipe.toml has no [image]); there are: "
    )]
    [InlineData("push", "helo-image", "127.0.0.1:9/hello", 2, "did you mean 'hello-image'?")]
    [InlineData(
        "load",
        "hello-image",
        "--tag=UPPER",
        2,
        "error: 'UPPER' is not a name for an image ([HOST[:PORT]/]REPOSITORY[:TAG]): a repository has lower case "
            + "letters"
    )]
    [InlineData(
        "load",
        "hello-image",
        "--tag=x:a b",
        2,
        "error: 'x:a b' is not a name for an image ([HOST[:PORT]/]REPOSITORY[:TAG]): 'a b' is not a tag"
    )]
    [InlineData("try", "hello-image", "--env=NAME", 2, "error: 'NAME' is not of the form NAME=VALUE")]
    public async Task What_cannot_be_done_is_said(
        string command,
        string image,
        string argument,
        int exitCode,
        string expected
    )
    {
        var run = await RunAsync(command, image, argument);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(expected, run.StandardError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("load")]
    [InlineData("try")]
    public async Task Without_a_daemon_it_says_so_before_it_builds(string command)
    {
        var run = await workspace
            .Command(command, "hello-image")
            .WithEnvironmentVariables(x =>
                x.Set("RECIPES_STORE", workspace.Store).Set("DOCKER_HOST", "unix:///nowhere/docker.sock")
            )
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "error: No Docker daemon answers at unix:///nowhere/docker.sock: ",
            run.StandardError,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("plan:", run.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_waits_for_health_shows_the_port_and_leaves_nothing()
    {
        WriteImage(
            "serving",
            "[\"/usr/bin/sh\", \"-c\", \"test -e /run/up\"]",
            """
            mkdir -p /run /tmp/www; echo it works > /tmp/www/index.html
            busybox httpd -p 8080 -h /tmp/www
            trap 'echo bye; exit 0' TERM
            echo "up as $WHO"; : > /run/up
            while :; do sleep 0.1; done
            """,
            "8080/tcp"
        );
        var (lines, exitCode, page) = (new List<string>(), -1, "");
        var pid = 0;
        using var client = new HttpClient();

        await foreach (
            var happened in Command("try", "serving-image", "-e", "WHO=me")
                .ListenAsync(TestContext.Current.CancellationToken)
        )
        {
            if (happened is StartedCommandEvent started)
                pid = started.ProcessId;
            if (happened is ExitedCommandEvent exited)
                exitCode = exited.ExitCode;
            if (happened is StandardOutputCommandEvent output)
                lines.Add(output.Text);
            if (happened is not StandardErrorCommandEvent error)
                continue;
            lines.Add(error.Text);
            if (!error.Text.StartsWith("== serving-image is healthy after ", StringComparison.Ordinal))
                continue;
            var port = lines.Single(x => x.Contains("8080/tcp is at 127.0.0.1:", StringComparison.Ordinal)).Split(' ')[
                ^1
            ];
            page = await client.GetStringAsync(new Uri($"http://{port}/"), TestContext.Current.CancellationToken);
            await Programs.RunAsync("kill", "-INT", $"{pid}");
        }

        Assert.True(exitCode == 0, string.Join('\n', lines));
        Assert.Equal("it works\n", page);
        Assert.Contains("up as me", lines);
        Assert.Contains("stopping the container; once more to leave it running", lines);
        Assert.Contains("bye", lines);
        Assert.Contains("== serving-image ended with status 0; its container is removed", lines);
        Assert.Equal("", await ContainersAsync());
    }

    [Fact]
    public async Task A_trial_that_turns_out_unhealthy_says_what_the_healthcheck_said()
    {
        WriteImage(
            "sick",
            "[\"/usr/bin/sh\", \"-c\", \"echo no pulse; exit 3\"]",
            "trap 'exit 0' TERM; while :; do sleep 0.1; done"
        );

        var run = await RunAsync("try", "sick-image");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "error: sick-image is unhealthy: its healthcheck ended with status 3: no pulse\n",
            run.StandardError,
            StringComparison.Ordinal
        );
        Assert.Equal("", await ContainersAsync());
    }

    [Fact]
    public async Task A_trial_that_ends_by_itself_has_the_status_of_its_program()
    {
        var run = await RunAsync("try", "hello-image", "--", "all", "7");

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("hello all from ", run.StandardOutput, StringComparison.Ordinal);
        Assert.Contains(
            "== hello-image ended with status 7; its container is removed",
            run.StandardError,
            StringComparison.Ordinal
        );
    }

    private Task<string> ContainersAsync() =>
        Programs.RunAsync("docker", "-H", daemon.Host, "ps", "-aq", "--filter", "label=recipes.sandbox");

    private CliWrap.Command Command(params string[] arguments) =>
        workspace
            .Command(arguments)
            .WithEnvironmentVariables(x => x.Set("RECIPES_STORE", workspace.Store).Set("DOCKER_HOST", daemon.Host));

    private async Task<BufferedCommandResult> RunAsync(params string[] arguments) =>
        await Command(arguments).ExecuteBufferedAsync(System.Text.Encoding.UTF8, TestContext.Current.CancellationToken);

    private void WriteImage(string name, string healthcheck, string script, string ports = "")
    {
        workspace.Write($"pkgs/{name}-image/start", "#!/usr/bin/sh\n" + script + "\n");
        workspace.Write(
            $"pkgs/{name}-image/recipe.toml",
            $$"""
            name    = "{{name}}-image"
            version = "1"
            summary = "For tests"
            [image]
            include     = ["hello"]
            entrypoint  = ["/usr/bin/start"]
            environment = { PATH = "/usr/bin" }
            ports       = [{{(ports.Length > 0 ? $"\"{ports}\"" : "")}}]
            healthcheck = { command = {{healthcheck}}, interval = "2s", retries = 1 }
            [[image.files]]
            path   = "/usr/bin/start"
            source = "start"
            mode   = "0755"
            """
        );
    }
}
