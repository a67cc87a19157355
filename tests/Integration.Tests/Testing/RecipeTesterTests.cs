using Recipes.Engine.Building;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Graph;
using Recipes.Engine.Testing;
using Recipes.Integration.Tests.Building;
using Xunit;

namespace Recipes.Integration.Tests.Testing;

public sealed class RecipeTesterTests : IDisposable
{
    private const string AnyFile = "mkdir -p /stage/usr; echo x > /stage/usr/x";

    private readonly TinyWorkspace workspace = new();

    public RecipeTesterTests()
    {
        workspace.Package(
            "busybox",
            "mkdir -p /stage/usr/bin; cd /usr/bin; cp -a busybox sh cat id ls test hostname grep sed /stage/usr/bin",
            more: Waive("seed-trace", "**")
        );
        workspace.Package(
            "filesystem",
            "mkdir -p /stage/usr/bin; ln -s usr/bin /stage/bin",
            more: "[outputs]\nmain = [\"**\"]\n" + Waive("location", "**")
        );
    }

    [Fact]
    public async Task A_test_sees_its_package_what_that_requires_and_nothing_of_the_build()
    {
        workspace.Package("build-only", "mkdir -p /stage/usr; echo x > /stage/usr/build-only");
        workspace.Package("helper", "mkdir -p /stage/usr; echo x > /stage/usr/helper");
        Tested(
            "tool",
            "ls /usr/x /usr/helper; ! ls /usr/build-only; ! ls /usr/bin/od; ! ls /usr/include",
            "\"build-only\"",
            "[outputs.main]\nrequires = [\"helper\"]\n",
            "mkdir -p /stage/usr/include; echo x > /stage/usr/x; echo x > /stage/usr/include/x.h"
        );

        Passed(await TestAsync("tool"));
    }

    [Fact]
    public async Task A_test_needs_more_when_it_says_so_also_of_the_toolchain()
    {
        workspace.Write(
            "toolchain/odd",
            """
            name = "odd"
            version = "1"
            [build]
            base = "seed"
            system = "none"
            strip = false
            [build.steps]
            install = "mkdir -p /stage/usr; echo odd > /stage/usr/odd"
            """
        );
        workspace.Package(
            "other",
            "mkdir -p /stage/usr/include; echo x > /stage/usr/include/other.h; echo x > /stage/usr/other"
        );
        Tested("tool", "cat /usr/odd /usr/include/other.h /usr/other", more: "needs = [\"odd\", \"other:dev\"]\n");

        Passed(await TestAsync("tool"));
    }

    [Fact]
    public async Task It_runs_as_a_user_with_a_name_offline_in_an_empty_folder()
    {
        Tested(
            "tool",
            "[ \"$(id -un)\" = tester ]; [ -z \"$(ls -A)\" ]; [ \"$PWD\" = /tmp ]; echo x > x; [ \"$(sed -n 's/ "
                + "*\\([a-z0-9]*\\):.*/\\1/p' /proc/net/dev)\" = lo ]"
        );

        Passed(await TestAsync("tool"));
    }

    [Fact]
    public async Task What_passed_runs_again_only_when_asked_or_when_its_files_change()
    {
        Tested("tool", "cat /usr/x");
        Assert.Equal(TestState.Passed, (await TestAsync("tool")).State);
        Assert.Equal(TestState.Cached, (await TestAsync("tool")).State);
        Assert.Equal(TestState.Passed, (await TestAsync("tool", again: true)).State);

        Tested("tool", "cat /usr/x", install: "mkdir -p /stage/usr; echo y > /stage/usr/x");
        Assert.Equal(TestState.Passed, (await TestAsync("tool")).State);
    }

    [Fact]
    public async Task A_change_of_the_test_builds_nothing()
    {
        Tested("tool", "true");
        var before = await workspace.BuildAsync(["tool"]);
        Tested("tool", "false", more: "needs = [\"busybox\"]\n");

        var after = await workspace.BuildAsync(["tool"]);

        Assert.All(after.Outcomes.Values, x => Assert.Equal(BuildState.Cached, x.State));
        Assert.Equal(before.Outcomes["tool"].Result!.Action, after.Outcomes["tool"].Result!.Action);
        Assert.Equal(TestState.Failed, (await TestAsync("tool")).State);
    }

    [Fact]
    public async Task A_failure_shows_the_command_that_failed_and_is_tried_again()
    {
        Tested("tool", "cat /usr/x\n[ 1 = 2 ]\ncat /usr/x");

        for (var i = 0; i < 2; i++)
        {
            var outcome = await TestAsync("tool");

            Assert.Equal((TestState.Failed, "the test failed with exit status 1"), (outcome.State, outcome.Message));
            Assert.Equal(["+ cat /usr/x", "x", "+ '[' 1 '=' 2 ]"], outcome.LogTail);
            Assert.Equal(
                "+ cat /usr/x\nx\n+ '[' 1 '=' 2 ]\n",
                await File.ReadAllTextAsync(outcome.LogPath!, TestContext.Current.CancellationToken)
            );
        }
    }

    [Fact]
    public async Task A_test_that_takes_too_long_is_ended()
    {
        Tested("tool", "sleep 1000", more: "needs = [\"sleep\"]\n[build.limits]\ntime = \"2s\"\n");
        workspace.Package("sleep", "mkdir -p /stage/usr/bin; ln -s busybox /stage/usr/bin/sleep");

        Assert.Equal("the test took longer than [build.limits] time allows", (await TestAsync("tool")).Message);
    }

    [Fact]
    public async Task What_cannot_be_built_is_not_tested()
    {
        Tested("tool", "true", install: "exit 1");

        var outcome = await TestAsync("tool");

        Assert.Equal((TestState.NotBuilt, "not tested, for it is not built: tool"), (outcome.State, outcome.Message));
    }

    [Fact]
    public async Task Outputs_that_disagree_are_named()
    {
        workspace.Package("other", "mkdir -p /stage/usr; echo other > /stage/usr/x");
        Tested("tool", "true", more: "needs = [\"other\"]\n");

        Assert.Equal(
            "the root of tool's test cannot be made: outputs disagree on\n  usr/x: other:main and tool:main",
            (await TestAsync("tool")).Message
        );
    }

    [Fact]
    public async Task An_image_is_tested_in_its_own_root_as_its_user()
    {
        workspace.Package("tool", AnyFile);
        workspace.Write(
            "pkgs/tool-image",
            """
            name = "tool-image"
            version-from = "tool"
            [image]
            include = ["tool"]
            user = "7"
            environment = { WORD = "set" }
            files = [{ path = "/usr/own", content = "own" }]
            [test]
            script = '''
            [ "$(cat /usr/own) $WORD $(id -u)" = 'own set 7' ]
            cat /usr/x
            '''
            """
        );

        Passed(await TestAsync("tool-image"));
        Assert.Equal(TestState.Cached, (await TestAsync("tool-image")).State);
    }

    private void Tested(string name, string script, string needs = "", string more = "", string install = AnyFile) =>
        workspace.Package(name, install, needs.Trim('"'), $"[test]\nscript = '''\n{script}\n'''\n{more}");

    private static string Waive(string check, string path) =>
        $"[[waivers]]\ncheck = \"{check}\"\npath = \"{path}\"\nreason = \"For tests.\"\n";

    private static void Passed(TestOutcome outcome) =>
        Assert.True(
            outcome.State == TestState.Passed,
            $"{outcome.State}: {outcome.Message}\n{string.Join('\n', outcome.LogTail)}"
        );

    private async Task<TestOutcome> TestAsync(string name, bool again = false)
    {
        var loaded = workspace.Load();
        var builder = new Builder(RecipeGraph.Create(loaded), workspace.Store, workspace.Sandbox, workspace, workspace);
        var tester = new RecipeTester(loaded, workspace.Store, builder, workspace.Sandbox, workspace);
        var report = await tester.TestAsync([name], new(), again, TestContext.Current.CancellationToken);
        return Assert.Single(report.Outcomes);
    }

    public void Dispose() => workspace.Dispose();
}
