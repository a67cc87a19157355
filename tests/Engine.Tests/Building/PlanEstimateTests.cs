using CsCheck;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Scheduling;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class PlanEstimateTests
{
    // A package needs some of those before it; the first few run already, for they need nothing.
    private static readonly Gen<(List<PlanNode> Pending, int Slots)> Plans =
        from count in Gen.Int[0, 25]
        from slots in Gen.Int[1, 6]
        from running in Gen.Int[0, Math.Min(slots, count)]
        from seconds in Gen.Int[0, 500].Array[count]
        from needs in Gen.Int[0, Math.Max(0, count - 1)].Array[0, 3].Array[count]
        select (
            Enumerable
                .Range(0, count)
                .Select(i => new PlanNode(
                    Name(i),
                    i < running ? [] : [.. needs[i].Where(x => x < i).Distinct().Select(Name)],
                    TimeSpan.FromSeconds(seconds[i])
                )
                {
                    IsRunning = i < running,
                })
                .ToList(),
            slots
        );

    [Fact]
    public void Nothing_left_takes_no_time() =>
        Assert.Equal(new PlanEstimate(TimeSpan.Zero, IsLowerBound: false), PlanEstimate.Of([], 2));

    [Fact]
    public void Packages_that_need_each_other_take_the_sum() =>
        Assert.Equal(Exactly(60), Of(4, "a=10", "b=20: a", "c=30: b"));

    [Fact]
    public void Independent_ones_share_the_slots() => Assert.Equal(Exactly(35), Of(2, "a=30", "b=20", "c=10", "d=5"));

    [Fact]
    public void With_one_slot_all_run_one_after_the_other() =>
        Assert.Equal(Exactly(65), Of(1, "a=30", "b=20", "c=10", "d=5"));

    [Fact]
    public void The_longest_path_starts_first() =>
        Assert.Equal(Exactly(102), Of(2, "short=50", "middle=50", "long=2", "after=100: long"));

    [Fact]
    public void A_running_one_holds_its_slot()
    {
        var pending = new[] { Package("a=40") with { IsRunning = true }, Package("b=30"), Package("c=5: a") };

        Assert.Equal(Exactly(75), PlanEstimate.Of(pending, 1));
        Assert.Equal(Exactly(45), PlanEstimate.Of(pending, 2));
    }

    [Fact]
    public void What_has_ended_is_waited_for_by_nobody() => Assert.Equal(Exactly(20), Of(2, "b=20: a"));

    [Fact]
    public void With_an_unknown_one_it_is_the_longest_path_or_the_work_of_all_slots()
    {
        Assert.Equal(AtLeast(50), Of(2, "a=20", "b: a", "c=30: b"));
        Assert.Equal(AtLeast(45), Of(2, "a=30", "b=30", "c=30", "d"));
    }

    [Fact]
    public void It_is_never_less_than_the_longest_path_or_the_work_of_all_slots() =>
        Plans.Sample(x =>
        {
            var estimate = PlanEstimate.Of(x.Pending, x.Slots).Remaining;
            return estimate >= MaxPath(x.Pending) && estimate >= Work(x.Pending) / x.Slots;
        });

    // Graham's bound of any schedule that leaves no slot idle while something is ready.
    [Fact]
    public void It_is_never_more_than_a_schedule_without_idle_slots_can_take() =>
        Plans.Sample(x =>
            PlanEstimate.Of(x.Pending, x.Slots).Remaining <= (Work(x.Pending) / x.Slots) + MaxPath(x.Pending)
        );

    [Fact]
    public void Not_to_know_a_duration_makes_it_no_longer() =>
        Gen.Select(Plans, Gen.Int[0, 24])
            .Sample(
                (x, unknown) =>
                {
                    var less = x.Pending.Select((p, i) => i == unknown ? p with { Expected = null } : p).ToList();
                    return PlanEstimate.Of(less, x.Slots).Remaining <= PlanEstimate.Of(x.Pending, x.Slots).Remaining;
                }
            );

    private static TimeSpan Work(List<PlanNode> pending) => new(pending.Sum(x => x.Expected!.Value.Ticks));

    private static TimeSpan MaxPath(List<PlanNode> pending)
    {
        var ends = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var package in pending)
            ends[package.Name] = package.Expected!.Value + package.Needs.Select(x => ends[x]).DefaultIfEmpty().Max();
        return ends.Values.DefaultIfEmpty().Max();
    }

    private static string Name(int number) => $"p{number}";

    private static PlanEstimate Exactly(int seconds) => new(TimeSpan.FromSeconds(seconds), IsLowerBound: false);

    private static PlanEstimate AtLeast(int seconds) => new(TimeSpan.FromSeconds(seconds), IsLowerBound: true);

    private static PlanEstimate Of(int slots, params string[] packages) =>
        PlanEstimate.Of([.. packages.Select(Package)], slots);

    // "name=seconds: needs", as in the tests of the scheduler; without "=seconds" nobody knows.
    private static PlanNode Package(string text)
    {
        var parts = text.Split(": ");
        var named = parts[0].Split('=');
        TimeSpan? remaining =
            named.Length > 1
                ? TimeSpan.FromSeconds(int.Parse(named[1], System.Globalization.CultureInfo.InvariantCulture))
                : null;
        return new(named[0], parts.Length > 1 ? [.. parts[1].Split(' ')] : [], remaining);
    }
}
