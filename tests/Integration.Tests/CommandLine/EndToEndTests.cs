using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.EventStream;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

public sealed class EndToEndTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    [Fact]
    public async Task An_image_is_composed_from_source_and_runs()
    {
        var composed = await workspace.RunAsync("compose", "hello-image", "--output", "hello.tar");
        Assert.True(composed.ExitCode == 0, composed.StandardError);
        Assert.Contains("hello.tar: hello-image:1\n", composed.StandardOutput, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Join(workspace.Root, "hello.tar")));

        var again = await workspace.RunAsync("compose", "hello-image", "--output", "hello.tar");
        Assert.Contains("3 packages: 3 cached, in ", again.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("hello.tar: hello-image:1, unchanged\n", again.StandardOutput, StringComparison.Ordinal);

        var ran = await workspace.RunAsync("run", "hello-image");
        Assert.Equal("hello world from hello-image\n", ran.StandardOutput);
        Assert.Equal(0, ran.ExitCode);
    }

    [Fact]
    public async Task A_command_its_variables_and_its_status_pass_through()
    {
        var ran = await workspace.RunAsync("run", "hello-image", "--env", "WHO= to me", "--", "you", "7");

        Assert.Equal("hello you from hello-image to me\n", ran.StandardOutput);
        Assert.Equal(7, ran.ExitCode);
    }

    [Fact]
    public async Task A_layout_is_written_beside_or_instead_of_the_archive()
    {
        var run = await workspace.RunAsync("compose", "hello-image", "--layout", "a layout");

        Assert.True(run.ExitCode == 0, run.StandardError);
        Assert.True(File.Exists(Path.Join(workspace.Root, "a layout", "index.json")));
        Assert.False(File.Exists(Path.Join(workspace.Root, "hello-image.oci.tar")));
    }

    [Fact]
    public async Task A_build_that_ran_is_in_the_timeline_with_its_steps()
    {
        workspace.WritePackage("slow", "sleep 1; mkdir -p /stage/usr/bin; cp /usr/bin/busybox /stage/usr/bin/busybox");

        var run = await workspace.RunAsync("build", "slow", "--timeline", "run.svg");

        Assert.True(run.ExitCode == 0, run.StandardError);
        var picture = await File.ReadAllTextAsync(
            Path.Join(workspace.Root, "run.svg"),
            TestContext.Current.CancellationToken
        );
        Assert.Matches("critical path [0-9.]+ s: (toolchain → )?slow<", picture);
        Assert.Matches("<title>slow: built in [0-9.]+ s.*, install [0-9.]+ s", picture);
    }

    [Fact]
    public async Task The_answer_of_a_build_is_json_that_names_every_output()
    {
        var run = await workspace.RunAsync("build", "hello", "--json");

        using var json = JsonDocument.Parse(run.StandardOutput);
        Assert.True(json.RootElement.GetProperty("succeeded").GetBoolean());
        var hello = json
            .RootElement.GetProperty("packages")
            .EnumerateArray()
            .Single(x => x.GetProperty("name").GetString() == "hello");
        var output = Assert.Single(hello.GetProperty("outputs").EnumerateArray());
        Assert.Equal("main", output.GetProperty("name").GetString());
        Assert.True(output.GetProperty("bytes").GetInt64() > 100_000);
    }

    [Fact]
    public async Task A_failed_build_shows_the_end_of_its_log_and_others_go_on()
    {
        workspace.WritePackage("broken", "echo 'this [is] why' >&2; exit 3");
        workspace.WritePackage("above", "mkdir -p /stage/usr/share && echo > /stage/usr/share/above", "\"broken\"");
        workspace.WritePackage("beside", "sleep 1; mkdir -p /stage/usr/share && echo > /stage/usr/share/beside");

        var run = await workspace.RunAsync("build", "above", "beside", "--keep-going", "--builds", "1", "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("  | this [is] why\n", run.StandardError, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(run.StandardOutput);
        var states = json
            .RootElement.GetProperty("packages")
            .EnumerateArray()
            .ToDictionary(x => x.GetProperty("name").GetString()!, x => x.GetProperty("state").GetString());
        Assert.Equal(("failed", "skipped", "built"), (states["broken"], states["above"], states["beside"]));

        var log = await workspace.RunAsync("log", "broken");
        Assert.Contains("this [is] why\n", log.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_it_ends_its_builds_and_the_next_start_goes_on()
    {
        workspace.WritePackage("quick", "mkdir -p /stage/usr/share && echo > /stage/usr/share/quick");
        workspace.WritePackage("slow", "echo begun; sleep 600", "\"quick\"");
        var (pid, exitCode, error) = (0, 0, new StringBuilder());

        await foreach (
            var happened in workspace.Command("build", "slow").ListenAsync(TestContext.Current.CancellationToken)
        )
        {
            if (happened is StartedCommandEvent started)
                pid = started.ProcessId;
            if (happened is ExitedCommandEvent exited)
                exitCode = exited.ExitCode;
            if (happened is not StandardErrorCommandEvent line)
                continue;
            error.AppendLine(line.Text);
            if (line.Text.EndsWith("slow: install", StringComparison.Ordinal))
                await CliWrap
                    .Cli.Wrap("kill")
                    .WithArguments(["-INT", $"{pid}"])
                    .ExecuteAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(130, exitCode);
        Assert.Contains(
            "ending the running builds; once more to end at once",
            error.ToString(),
            StringComparison.Ordinal
        );
        var next = await workspace.RunAsync("build", "quick");
        Assert.Contains("3 packages: 3 cached", next.StandardOutput, StringComparison.Ordinal);
    }
}
