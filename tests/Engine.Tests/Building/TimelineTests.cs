using Recipes.Engine.Building;
using Recipes.Engine.Graph;
using Recipes.Engine.Pictures;
using Recipes.Engine.Tests.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class TimelineTests : IDisposable
{
    private readonly Clock clock = new();
    private readonly TestWorkspace workspace = new TestWorkspace()
        .Package("m4")
        .Package("bison", "needs = [\"m4\"]")
        .Package("zlib")
        .Package("postgres", "needs = [\"bison\", \"zlib\"]");

    [Fact]
    public void Lanes_critical_path_and_failure_are_drawn() =>
        Golden.Matches("timeline.svg", TimelinePicture.Write(SampleRun.Failed));

    [Fact]
    public void Builds_are_in_the_first_lane_that_is_free()
    {
        var run = Record(
            (0, "m4", BuildState.Running),
            (1, "zlib", BuildState.Running),
            (4, "m4", BuildState.Built),
            (5, "bison", BuildState.Running),
            (6, "zlib", BuildState.Built),
            (9, "bison", BuildState.Built),
            (9, "postgres", BuildState.Running),
            (12, "postgres", BuildState.Built)
        );

        Assert.Equal(["m4 bison postgres", "zlib"], run.Lanes.Select(x => string.Join(' ', x.Select(y => y.Package))));
        Assert.Equal(TimeSpan.FromSeconds(12), run.Total);
        // Two slots of 12 s, and 4 + 5 + 4 + 3 s of work.
        Assert.Equal(TimeSpan.FromSeconds(8), run.Idle);
    }

    [Fact]
    public void The_critical_path_goes_back_to_what_ended_last_also_through_what_was_built_before()
    {
        var run = Record(
            (0, "m4", BuildState.Running),
            (0, "zlib", BuildState.Running),
            (3, "zlib", BuildState.Built),
            (4, "m4", BuildState.Built),
            (5, "postgres", BuildState.Running),
            (6, "postgres", BuildState.Failed)
        );

        Assert.Equal(["m4", "postgres"], run.Critical.Select(x => x.Package));
        Assert.Equal(BuildState.Failed, run.Critical[^1].State);
    }

    [Fact]
    public void Steps_begin_when_they_are_reported()
    {
        var recorder = new TimelineRecorder(SilentObserver.Instance, clock);
        recorder.On(new PackageStateChanged("m4", BuildState.Running));
        clock.Seconds = 2;
        recorder.On(new StepStarted("m4", "compile"));
        clock.Seconds = 7;
        recorder.On(new PackageStateChanged("m4", BuildState.Built));

        var build = Assert.Single(Finish(recorder).Builds);
        Assert.Equal([new TimelineStep("compile", TimeSpan.FromSeconds(2))], build.Steps);
        Assert.Equal(TimeSpan.FromSeconds(7), build.Length);
    }

    [Fact]
    public void What_was_cached_is_no_build_and_a_run_without_builds_is_idle()
    {
        var run = Record((0, "m4", BuildState.Ready), (1, "m4", BuildState.Cached));

        Assert.Empty(run.Builds);
        Assert.Empty(run.Critical);
        Assert.Contains(
            "2 builds at once, 100 % of that time idle",
            TimelinePicture.Write(run),
            StringComparison.Ordinal
        );
    }

    public void Dispose() => workspace.Dispose();

    private Timeline Record(params (int Seconds, string Package, BuildState State)[] changes)
    {
        var recorder = new TimelineRecorder(SilentObserver.Instance, clock);
        foreach (var (seconds, package, state) in changes)
        {
            clock.Seconds = seconds;
            recorder.On(new PackageStateChanged(package, state));
        }
        return Finish(recorder);
    }

    private Timeline Finish(TimelineRecorder recorder) =>
        recorder.Finish(RecipeGraph.Create(workspace.Load()), slots: 2);

    private sealed class Clock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
