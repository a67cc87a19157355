using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Xunit;

namespace Recipes.Integration.Tests.Building;

public sealed class ResumeTests : IDisposable
{
    private readonly TinyWorkspace workspace = new();

    [Fact]
    public async Task A_failure_tells_its_step_and_the_command()
    {
        Steps("exit 3");

        var failure = (await workspace.BuildAsync(["tool"])).Outcomes["tool"].Failure!;

        Assert.Equal(("compile", "exit 3"), (failure.Step, failure.Command));
        Assert.True(File.Exists(failure.LogPath));
        Assert.Equal(
            "prepared\n",
            await File.ReadAllTextAsync(Path.Join(failure.Kept, "build/word"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_resumed_build_goes_on_from_the_step_that_failed_in_its_folders()
    {
        Steps("exit 3");
        var failed = await workspace.BuildAsync(["tool"]);
        await File.WriteAllTextAsync(
            Path.Join(failed.Outcomes["tool"].Failure!.Kept, "build/word"),
            "by hand\n",
            TestContext.Current.CancellationToken
        );
        Steps("cat word > made");

        var report = await ResumeAsync();

        Assert.Equal("by hand\n", workspace.Read(report, "tool", "usr/made"));
        Assert.Equal(["compile", "install", "finish"], workspace.Events.OfType<StepStarted>().Select(x => x.Step));
        Assert.False(report.Outcomes["tool"].Result!.IsClean);
    }

    [Fact]
    public async Task What_a_resumed_build_left_is_never_taken_for_a_clean_result()
    {
        Steps("[ -e /build/try ] || { touch /build/try; exit 3; }; cp word made");
        await workspace.BuildAsync(["tool"]);
        var resumed = await ResumeAsync();
        Assert.True(resumed.Succeeded);

        // The same action, from clean folders: it fails as before.
        var clean = await workspace.BuildAsync(["tool"]);

        Assert.Equal(BuildState.Failed, clean.Outcomes["tool"].State);
        Assert.NotEqual(ActionOf("tool"), resumed.Outcomes["tool"].Result!.Action);
    }

    [Fact]
    public async Task No_image_is_composed_of_it_until_it_is_built_anew()
    {
        workspace.Write(
            "pkgs/tool-image",
            "name = \"tool-image\"\nversion-from = \"tool\"\n[image]\ninclude = [\"tool\"]\n"
        );
        Steps("exit 3");
        var failed = await workspace.BuildAsync(["tool"]);
        Steps("cp word made");
        Assert.True((await ResumeAsync()).Succeeded);

        var refused = await ComposeAsync();
        Assert.Equal(
            "'tool' is only there from a build that was resumed, which is not clean, and no image is made of that; "
                + "to have it anew, build tool",
            refused.Builds.Outcomes["tool"].Failure!.Message.ToString()
        );
        Assert.Null(refused.Image);

        Assert.True((await workspace.BuildAsync(["tool"])).Outcomes["tool"].Result!.IsClean);
        Assert.NotNull((await ComposeAsync()).Image);
        Assert.False(Directory.Exists(failed.Outcomes["tool"].Failure!.Kept));
    }

    [Fact]
    public async Task It_may_fail_again_and_go_on_from_there()
    {
        Steps("exit 3");
        await workspace.BuildAsync(["tool"]);
        Steps("cp word made", "exit 4");
        var again = (await ResumeAsync()).Outcomes["tool"].Failure!;
        Assert.Equal(("install", "failed in step 'install' with exit status 4"), (again.Step, again.Message));
        Steps("exit 5");

        Assert.Equal("prepared\n", workspace.Read(await ResumeAsync(), "tool", "usr/made"));
    }

    [Fact]
    public async Task Without_a_failure_there_is_nothing_to_go_on_with()
    {
        Steps("cp word made");

        Assert.Equal(
            "there is nothing to go on with: the last build of 'tool' did not fail in a step; build tool",
            await ResumeFailsAsync()
        );
    }

    [Fact]
    public async Task What_went_through_is_not_resumed_again()
    {
        Steps("exit 3");
        await workspace.BuildAsync(["tool"]);
        Steps("cp word made");
        await ResumeAsync();

        Assert.Equal(
            "'tool' went through when it was resumed, and is not clean; to have it anew, build tool",
            await ResumeFailsAsync()
        );
    }

    [Fact]
    public async Task A_step_that_is_gone_cannot_be_gone_on_with()
    {
        Steps("exit 3");
        await workspace.BuildAsync(["tool"]);
        workspace.Package("tool", "mkdir -p /stage/usr; echo x > /stage/usr/x");

        Assert.Equal(
            "the step 'compile', in which 'tool' failed, is no longer in its recipe; build tool",
            await ResumeFailsAsync()
        );
    }

    [Fact]
    public async Task Nothing_is_built_of_a_resumed_build()
    {
        Steps("exit 3");
        await workspace.BuildAsync(["tool"]);
        Steps("cp word made");
        workspace.Package("above", "true", "tool");

        var report = await workspace.BuildAsync(["tool", "above"], new() { Resume = "tool" });

        Assert.Equal(
            "'above' needs 'tool', which is not clean while it is being resumed; build that alone first",
            report.Outcomes["above"].Failure!.Message
        );
    }

    private void Steps(string compile, string install = "mkdir -p /stage/usr; cp made /stage/usr/made") =>
        workspace.Write(
            "pkgs/tool",
            $"""
            name = "tool"
            version = "1"
            [build]
            system = "none"
            strip = false
            [build.steps]
            prepare = "echo prepared > word"
            compile = '''
            {compile}
            '''
            install = "{install}"
            """
        );

    private Task<BuildReport> ResumeAsync() => workspace.BuildAsync(["tool"], new() { Resume = "tool" });

    private async Task<string> ResumeFailsAsync() => (await ResumeAsync()).Outcomes["tool"].Failure!.Message.ToString();

    private Digest ActionOf(string package) => workspace.Standing()[package].Plan!.Action.Digest;

    private async Task<ComposeReport> ComposeAsync()
    {
        var loaded = workspace.Load();
        var builder = new Builder(RecipeGraph.Create(loaded), workspace.Store, workspace.Sandbox, workspace, workspace);
        return await new Composer(loaded, workspace.Store, builder, SilentObserver.Instance).ComposeAsync(
            "tool-image",
            new(),
            TestContext.Current.CancellationToken
        );
    }

    public void Dispose() => workspace.Dispose();
}
