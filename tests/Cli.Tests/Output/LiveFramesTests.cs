using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Sources.Downloads;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class LiveFramesTests : IDisposable
{
    private readonly VtScreen screen = new(90, 24);
    private readonly Terminal terminal;
    private readonly LiveFrames frames;

    public LiveFramesTests()
    {
        terminal = new(screen, () => new(screen.Columns, screen.Rows));
        frames = new(terminal);
    }

    [Fact]
    public void Running_builds_show_step_time_and_what_waits_for_them()
    {
        At(0, [.. BuildStory.Events.Take(12)]);
        At(7);

        Golden.Matches("live.txt", string.Join('\n', screen.Visible) + "\n");
    }

    [Fact]
    public void What_ended_and_the_last_screen_stay()
    {
        At(0, [.. BuildStory.Events.Take(12)]);
        At(7, [.. BuildStory.Events.Skip(12)]);
        frames.Finish(Seconds(8));

        Golden.Matches("live-end.txt", string.Join('\n', screen.History) + "\n");
        Assert.True(screen.ShowsCursor);
    }

    [Fact]
    public void A_plan_that_ends_at_once_shows_no_frame()
    {
        At(0, Plan("musl"), new PackageStateChanged("musl", BuildState.Ready));
        At(0.15, new PackageStateChanged("musl", BuildState.Cached));
        frames.Finish(Seconds(0.19));

        Assert.Equal(0, screen.Writes);
    }

    [Fact]
    public void A_failure_of_such_a_plan_is_told()
    {
        At(
            0,
            Plan("musl"),
            new PackageFailure("musl", "no source", [], null, null),
            new PackageStateChanged("musl", BuildState.Failed)
        );
        frames.Finish(Seconds(0.1));

        Assert.Equal(["error: musl: no source", "✗ musl failed"], screen.History);
    }

    [Fact]
    public void Only_an_event_another_second_or_another_size_is_drawn()
    {
        At(0, Plan("musl"), new PackageStateChanged("musl", BuildState.Running));
        At(1.1);
        At(1.2);
        At(1.9);
        Assert.Equal(1, screen.Writes);

        At(2.0);
        Assert.Equal(2, screen.Writes);

        screen.Resize(60, 24);
        At(2.1);
        Assert.Equal(3, screen.Writes);

        At(2.2, new StepStarted("musl", "compile"));
        Assert.Equal(4, screen.Writes);
    }

    [Fact]
    public void More_builds_than_fit_are_counted_and_the_longest_running_stay()
    {
        screen.Resize(90, 6);
        var names = Enumerable.Range(10, 20).Select(x => $"package-{x}").ToArray();
        At(0, [Plan(names), .. names.Select(x => new PackageStateChanged(x, BuildState.Running))]);
        At(1);

        Assert.Equal(
            [
                "▸ package-10              1 s, first time",
                "▸ package-11              1 s, first time",
                "▸ package-12              1 s, first time",
                "  +17 more",
                "──────────────────────── 0/20 packages in 1 s",
            ],
            screen.Visible
        );
    }

    [Theory]
    [InlineData(90, 1)]
    [InlineData(90, 2)]
    [InlineData(90, 3)]
    [InlineData(43, 6)]
    [InlineData(20, 4)]
    [InlineData(5, 24)]
    [InlineData(1, 1)]
    public void On_a_small_terminal_nothing_wraps_or_scrolls(int columns, int rows)
    {
        screen.Resize(columns, rows);
        foreach (var second in Enumerable.Range(0, 10))
            At(second, second == 0 ? [.. BuildStory.Events.Take(6).Append(BuildStory.Events[8])] : []);

        Assert.True(screen.History.Count <= Math.Max(1, rows - 1));
        Assert.All(screen.History, x => Assert.True(StyledLine.Empty.Add(x).Width < columns));
    }

    [Fact]
    public void When_the_terminal_changes_its_size_only_the_new_frame_is_left()
    {
        At(0, [.. BuildStory.Events.Take(12)]);
        At(1);
        foreach (var (columns, rows) in new[] { (40, 24), (25, 24), (120, 24), (60, 4), (60, 30), (90, 24) })
        {
            screen.Resize(columns, rows);
            At(2);
        }
        At(7);

        Golden.Matches("live.txt", string.Join('\n', screen.Visible.SkipWhile(x => x.Length == 0)) + "\n");
        frames.Finish(Seconds(8));
        Assert.Equal(
            [
                "perl: https://example.org/perl.tar.xz: not found (404)",
                "▸ zlib  configure   8 s of about 14 s  → postgres",
                "▸ perl  compile     8 s, first time    → postgres",
                "━━━━━━────────────────── 1/4 packages in 8 s, ≥ 25 s left  1 cached",
            ],
            screen.History
        );
    }

    [Fact]
    public void A_download_shows_its_rate_of_the_last_seconds_and_what_is_left()
    {
        At(0, new DownloadProgress("gcc", 0, 100_000_000, "https://example.org/gcc.tar.xz"));
        for (var second = 0.5; second <= 10; second += 0.5)
            At(
                second,
                new DownloadProgress("gcc", (long)(second * 4_000_000), 100_000_000, "https://example.org/gcc.tar.xz")
            );
        Assert.Equal(["↓ gcc  40.00 MB of 100.0 MB  4.00 MB/s  15 s left"], screen.Visible);

        // The server stalls: no event comes any more.
        At(12.5);
        Assert.Equal(["↓ gcc  40.00 MB of 100.0 MB  2.00 MB/s  30 s left"], screen.Visible);
        At(16);
        Assert.Equal(["↓ gcc  40.00 MB of 100.0 MB  0 B/s"], screen.Visible);

        // Another place begins anew.
        At(17, new DownloadProgress("gcc", 1_000_000, null, "https://example.com/gcc.tar.xz"));
        Assert.Equal(["↓ gcc  1.00 MB"], screen.Visible);
        At(19, new DownloadProgress("gcc", 5_000_000, null, "https://example.com/gcc.tar.xz"));
        Assert.Equal(["↓ gcc  5.00 MB  2.00 MB/s"], screen.Visible);
    }

    [Fact]
    public void The_end_is_estimated_from_the_first_build_on_without_what_was_cached()
    {
        At(
            0,
            new PlanMade(
                [
                    Package("musl", 100),
                    Package("gcc", 900, "musl"),
                    Package("zlib", 60, "musl"),
                    Package("postgres", 300, "gcc", "zlib"),
                ],
                2,
                KeepGoing: false
            )
        );
        At(1);
        Assert.Equal("──────────────────────── 0/4 packages in 1 s", screen.Visible[^1]);

        At(
            2,
            new PackageStateChanged("musl", BuildState.Cached),
            new PackageStateChanged("gcc", BuildState.Running, Expected: Seconds(900))
        );
        Assert.Equal("▸ gcc              0 s of about 15 min 00 s  → postgres", screen.Visible[0]);
        Assert.Equal("━━━━━━────────────────── 1/4 packages in 2 s, about 20 min left  1 cached", screen.Visible[^1]);

        At(602);
        Assert.Equal(
            "━━━━━━────────────────── 1/4 packages in 10 min 02 s, about 10 min left  1 cached",
            screen.Visible[^1]
        );

        // It takes longer than last time, and nobody knows by how much.
        At(1000);
        Assert.Equal(
            "━━━━━━────────────────── 1/4 packages in 16 min 40 s, ≥ 6 min left  1 cached",
            screen.Visible[^1]
        );
    }

    [Fact]
    public void After_a_failure_only_what_runs_is_waited_for()
    {
        At(0, new PlanMade([Package("a", 10), Package("b", 120), Package("c", 900)], 2, KeepGoing: false));
        At(
            1,
            new PackageStateChanged("a", BuildState.Running, Expected: Seconds(10)),
            new PackageStateChanged("b", BuildState.Running, Expected: Seconds(120))
        );
        At(2, new PackageStateChanged("a", BuildState.Failed));

        Assert.EndsWith(
            "1/3 packages in 2 s, about 2 min left  1 failed",
            screen.Visible[^1],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(90, "→ b, c, d +2")]
    [InlineData(44, "→ b, c +3")]
    [InlineData(41, "→ b +4")]
    [InlineData(38, "→ 5")]
    public void As_many_names_of_waiting_packages_are_shown_as_fit(int columns, string expected)
    {
        screen.Resize(columns, 24);
        At(
            0,
            new PlanMade(
                [
                    Package("a", 10),
                    Package("b", 1, "a"),
                    Package("c", 1, "a"),
                    Package("d", 1, "b"),
                    Package("e", 1, "d"),
                    Package("f", 1, "c"),
                ],
                1,
                false
            ),
            new PackageStateChanged("a", BuildState.Running)
        );
        At(1);

        Assert.Equal("▸ a              1 s, first time  " + expected, screen.Visible[0]);
    }

    public void Dispose()
    {
        terminal.Dispose();
        screen.Dispose();
    }

    private void At(double second, params EngineEvent[] events)
    {
        foreach (var happened in events)
            frames.Take(happened, Seconds(second));
        frames.Draw(Seconds(second));
    }

    private static PlanMade Plan(params string[] names) =>
        new([.. names.Select(x => new PlanNode(x, [], null))], 2, KeepGoing: true);

    private static PlanNode Package(string name, int seconds, params string[] needs) =>
        new(name, [.. needs], Seconds(seconds));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
