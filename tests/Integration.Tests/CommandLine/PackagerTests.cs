using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>What a packager does when a build fails, and test, as processes.</summary>
public sealed class PackagerTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    [Fact]
    public async Task A_failure_is_looked_at_in_a_shell_mended_there_and_resumed()
    {
        workspace.WritePackage(
            "half",
            "echo half > /build/word; cat /build/missing; mkdir -p /stage/usr; cp /build/missing /stage/usr/half"
        );
        var failed = await workspace.RunAsync("build", "half");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(
            "  $ echo half > /build/word; cat /build/missing; ",
            failed.StandardError,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "  a shell there: recipes shell half; go on from there: recipes build half --resume\n",
            failed.StandardError,
            StringComparison.Ordinal
        );

        var shell = await ShellAsync("pwd; cat word; echo found > missing; exit 5\n", "half");
        Assert.Equal("/build\nhalf\n", shell.StandardOutput);
        Assert.Contains(
            "half: /build and /stage as step 'install' left them when it failed; what you change stays\n",
            shell.StandardError,
            StringComparison.Ordinal
        );
        Assert.Equal(5, shell.ExitCode);

        var resumed = await workspace.RunAsync("build", "half", "--resume");
        Assert.Contains(
            "warning: half is not clean, since it was resumed: nothing is built of it; build it anew: recipes build "
                + "half\n",
            resumed.StandardOutput,
            StringComparison.Ordinal
        );
        Assert.Equal(0, resumed.ExitCode);
    }

    [Fact]
    public async Task A_missing_need_is_one_command_away()
    {
        workspace.WritePackage(
            "giver",
            "mkdir -p /stage/usr/bin; echo 'echo given' > /stage/usr/bin/give-it; chmod 755 /stage/usr/bin/give-it"
        );
        Assert.Equal(0, (await workspace.RunAsync("build", "giver")).ExitCode);
        workspace.WritePackage("taker", "mkdir -p /stage/usr && give-it > /stage/usr/taker");

        var failed = await workspace.RunAsync("build", "taker");
        Assert.Contains(
            "  hint: give-it is in giver:main (usr/bin/give-it); run: recipes add taker giver\n",
            failed.StandardError,
            StringComparison.Ordinal
        );

        Assert.Equal(
            "pkgs/taker/recipe.toml: needs giver\n",
            (await workspace.RunAsync("add", "taker", "giver")).StandardOutput
        );
        Assert.Equal(0, (await workspace.RunAsync("build", "taker")).ExitCode);
    }

    [Fact]
    public async Task A_shell_before_a_step_has_run_those_before_it_and_sees_the_builds_environment_alone()
    {
        var shell = await ShellAsync(
            "ls_steps() { cd /stage/usr/bin; echo *; }; ls_steps; echo $DESTDIR $HOME $LANG.; while read -r name "
                + "rest; do echo \"$name\"; done < /proc/net/dev\n",
            "hello",
            "--step",
            "finish"
        );

        Assert.EndsWith(
            "busybox hello sh\n/stage /tmp .\nInter-|\nface\nlo:\n",
            shell.StandardOutput,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "hello: after install; what you change is thrown away at the end\n",
            shell.StandardError,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_step_that_is_not_there_is_an_error_that_lists_them()
    {
        var shell = await ShellAsync("", "hello", "--step", "compil");

        Assert.EndsWith(
            "error: the build of 'hello' has no step 'compil'; there are: install, finish\n",
            shell.StandardError,
            StringComparison.Ordinal
        );
        Assert.Equal(1, shell.ExitCode);
    }

    [Fact]
    public async Task An_image_is_no_place_for_a_shell_of_its_build()
    {
        var shell = await ShellAsync("", "hello-image");

        Assert.Equal(
            "error: 'hello-image' is an image, not a package (pkgs/hello-image/recipe.toml has no [build]); it "
                + "includes: hello\n",
            shell.StandardError
        );
        Assert.Equal(2, shell.ExitCode);
    }

    [Fact]
    public async Task Only_one_package_is_resumed_at_once()
    {
        var run = await workspace.RunAsync("build", "hello", "toolchain", "--resume");

        Assert.Equal("error: --resume goes on with one package: recipes build NAME --resume\n", run.StandardError);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task Tests_answer_with_json_and_their_end_is_the_exit_status()
    {
        workspace.WritePackage(
            "busybox",
            "mkdir -p /stage/usr/bin && cp -a /usr/bin/busybox /usr/bin/sh /usr/bin/cat /stage/usr/bin && ln -s "
                + "usr/bin /stage/bin && echo > /stage/usr/x"
        );
        workspace.Write(
            "pkgs/busybox/recipe.toml",
            await File.ReadAllTextAsync(
                Path.Join(workspace.Root, "pkgs/busybox/recipe.toml"),
                TestContext.Current.CancellationToken
            )
                + "\n[[waivers]]\ncheck = \"location\"\npath = \"bin\"\nreason = \"The link of the merged "
                + "root.\"\n[test]\nscript = \"cat /usr/x; [ 1 = 2 ]\"\n"
        );

        var run = await workspace.RunAsync("test", "--all", "--json");

        Assert.True(run.ExitCode == 1, run.StandardError);
        using var json = JsonDocument.Parse(run.StandardOutput);
        Assert.False(json.RootElement.GetProperty("succeeded").GetBoolean());
        var test = Assert.Single(json.RootElement.GetProperty("tests").EnumerateArray());
        Assert.Equal("busybox", test.GetProperty("recipe").GetString());
        Assert.Equal("failed", test.GetProperty("state").GetString());
        Assert.Contains("  | + '[' 1 '=' 2 ]\n", run.StandardError, StringComparison.Ordinal);

        var people = await workspace.RunAsync("test", "busybox");
        Assert.Contains(
            "error: busybox: the test failed with exit status 1\n",
            people.StandardError,
            StringComparison.Ordinal
        );
        Assert.Contains("1 test: 1 failed, in ", people.StandardError, StringComparison.Ordinal);
    }

    private async Task<BufferedCommandResult> ShellAsync(string input, params string[] arguments) =>
        await workspace
            .Command(["shell", .. arguments])
            .WithStandardInputPipe(PipeSource.FromString(input))
            .ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);
}
