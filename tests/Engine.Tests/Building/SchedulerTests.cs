using System.Collections.Immutable;
using CsCheck;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Scheduling;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class SchedulerTests
{
    private readonly FakeWorker worker = new();

    [Fact]
    public async Task Everything_runs_once_and_after_its_needs()
    {
        var states = await RunAsync(Plan("musl", "zlib: musl", "postgres: zlib musl"));

        Assert.Equal(["musl", "zlib", "postgres"], worker.Ran);
        Assert.All(states.Values, x => Assert.Equal(BuildState.Built, x));
    }

    [Fact]
    public async Task What_the_store_holds_does_not_run()
    {
        worker.Store.UnionWith(["musl", "zlib"]);

        var states = await RunAsync(Plan("musl", "zlib: musl", "postgres: zlib"));

        Assert.Equal(["postgres"], worker.Ran);
        Assert.Equal(BuildState.Cached, states["zlib"]);
    }

    [Fact]
    public async Task An_unchanged_output_keeps_its_dependents_from_running()
    {
        // musl runs again, but zlib's action comes out the same, as its input did.
        worker.Store.UnionWith(["zlib", "postgres"]);

        await RunAsync(Plan("musl", "zlib: musl", "postgres: zlib"));

        Assert.Equal(["musl"], worker.Ran);
    }

    [Fact]
    public async Task The_longest_remaining_path_starts_first()
    {
        var plan = Plan("short=1", "long=2", "after=100: long", "middle=50");

        await RunAsync(plan, slots: 1);

        Assert.Equal(["long", "after", "middle", "short"], worker.Ran);
    }

    [Fact]
    public async Task Equal_paths_start_in_the_order_of_the_plan()
    {
        await RunAsync(Plan("c", "a", "b"), slots: 1);

        Assert.Equal(["c", "a", "b"], worker.Ran);
    }

    [Fact]
    public async Task No_more_run_at_once_than_there_are_slots()
    {
        await RunAsync(Plan([.. Enumerable.Range(0, 50).Select(i => $"p{i}")]), slots: 3);

        Assert.Equal(50, worker.Ran.Count);
        Assert.InRange(worker.MaxAtOnce, 1, 3);
    }

    [Fact]
    public async Task A_failure_lets_running_builds_end_and_starts_no_more()
    {
        worker.Failing.Add("bad");
        worker.Held["good"] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var running = RunAsync(Plan("bad=9", "good=5", "other=1", "next: good"), slots: 2);
        await WaitForAsync(() => worker.States.Contains(("bad", BuildState.Failed)));
        worker.Held["good"].SetResult();
        var states = await running;

        Assert.Equal(["bad", "good"], worker.Ran.Order());
        Assert.Equal(BuildState.Built, states["good"]);
        Assert.Equal(BuildState.Skipped, states["other"]);
        Assert.Equal(BuildState.Skipped, states["next"]);
    }

    [Fact]
    public async Task Keep_going_skips_only_what_needs_the_failed_one()
    {
        worker.Failing.Add("bad");

        var states = await RunAsync(
            Plan("bad", "victim: bad", "its-victim: victim", "good", "fine: good"),
            keepGoing: true
        );

        Assert.Equal(["bad", "fine", "good"], worker.Ran.Order());
        Assert.Equal(BuildState.Skipped, states["victim"]);
        Assert.Equal(BuildState.Skipped, states["its-victim"]);
        Assert.Equal(BuildState.Built, states["fine"]);
    }

    [Fact]
    public async Task A_source_that_cannot_be_had_fails_its_package_with_the_reason()
    {
        worker.Unprepared["zlib"] = true;
        worker.Unavailable.Add("zlib");

        var states = await RunAsync(Plan("zlib"));

        Assert.Empty(worker.Ran);
        Assert.Equal(BuildState.Failed, states["zlib"]);
        Assert.Equal(["no source of zlib"], worker.Failures);
    }

    [Fact]
    public async Task Sources_are_fetched_before_a_build_takes_a_slot()
    {
        worker.Unprepared["zlib"] = true;

        var states = await RunAsync(Plan("zlib", "musl"), slots: 1);

        Assert.Equal(BuildState.Built, states["zlib"]);
        Assert.Equal(["musl", "zlib"], worker.Ran.Order());
    }

    [Fact]
    public async Task What_turns_out_to_be_in_the_store_once_its_sources_are_there_does_not_run()
    {
        worker.Unprepared["zlib"] = true;
        worker.Store.Add("zlib");

        var states = await RunAsync(Plan("zlib"));

        Assert.Equal(BuildState.Cached, states["zlib"]);
        Assert.Empty(worker.Ran);
    }

    [Fact]
    public async Task Cancelling_ends_running_builds_and_keeps_finished_ones()
    {
        using var cancel = new CancellationTokenSource();
        worker.Held["slow"] = new TaskCompletionSource();

        var running = new Scheduler(Plan("quick=9", "slow=5", "never=1"), worker, 1, false, cancel.Token).RunAsync();
        await WaitForAsync(() => worker.Ran.Contains("slow"));
        await cancel.CancelAsync();
        var states = await running;

        Assert.Equal(BuildState.Built, states["quick"]);
        Assert.Equal(BuildState.Skipped, states["slow"]);
        Assert.Equal(BuildState.Skipped, states["never"]);
    }

    [Fact]
    public void Every_package_passes_only_through_the_documented_states() =>
        Gen.Select(Gen.Int[1, 25], Gen.Int[1, 4], Gen.Bool, Gen.Int[0, 1000])
            .Sample(
                (count, slots, keepGoing, seed) =>
                {
                    var random = new Random(seed);
                    var fake = new FakeWorker();
                    var plan = new List<PlanNode>();
                    for (var i = 0; i < count; i++)
                    {
                        var needs = Enumerable.Range(0, i).Where(_ => random.Next(4) == 0).Select(x => $"p{x}");
                        plan.Add(new($"p{i}", [.. needs], TimeSpan.FromSeconds(random.Next(10))));
                        if (random.Next(4) == 0)
                            fake.Store.Add($"p{i}");
                        if (random.Next(8) == 0)
                            fake.Failing.Add($"p{i}");
                    }
                    var states = new Scheduler(plan, fake, slots, keepGoing, CancellationToken.None)
                        .RunAsync()
                        .GetAwaiter()
                        .GetResult();
                    foreach (var node in plan)
                    {
                        BuildState[] path = [.. fake.States.Where(x => x.Name == node.Name).Select(x => x.State)];
                        Assert.Contains(string.Join(' ', path), AllowedPaths);
                        if (states[node.Name] is BuildState.Built or BuildState.Cached)
                            Assert.All(node.Needs, x =>
                                Assert.True(states[x] is BuildState.Built or BuildState.Cached)
                            );
                    }
                },
                iter: 200
            );

    private static readonly ImmutableHashSet<string> AllowedPaths =
    [
        "Skipped",
        "Ready Cached",
        "Ready Skipped",
        "Ready Failed",
        "Ready Running Built",
        "Ready Running Failed",
    ];

    private Task<ImmutableSortedDictionary<string, BuildState>> RunAsync(
        IReadOnlyList<PlanNode> plan,
        int slots = 2,
        bool keepGoing = false
    ) => new Scheduler(plan, worker, slots, keepGoing, TestContext.Current.CancellationToken).RunAsync();

    /// <summary>Reads <c>name=seconds: need need</c>.</summary>
    private static List<PlanNode> Plan(params string[] lines) =>
        [
            .. lines.Select(line =>
            {
                var (head, needs) = line.Split(": ") is [var h, var n] ? (h, n.Split(' ')) : (line, []);
                var (name, seconds) = head.Split('=') is [var a, var s] ? (a, int.Parse(s, null)) : (head, 1);
                return new PlanNode(name, [.. needs], TimeSpan.FromSeconds(seconds));
            }),
        ];

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }
}
