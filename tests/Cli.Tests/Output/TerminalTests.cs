using CsCheck;
using Recipes.Cli.Output;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class TerminalTests
{
    [Fact]
    public void A_frame_is_redrawn_in_its_place()
    {
        var (terminal, screen) = Open(40, 10);
        terminal.Draw(["one", "a longer line", "three"], [], terminal.Size);
        terminal.Draw(["one", "short"], [], terminal.Size);

        Assert.Equal(["one", "short"], screen.Visible);
        Assert.False(screen.ShowsCursor);
        Assert.False(screen.IsSynchronized);
    }

    [Fact]
    public void Each_change_is_one_write_and_no_change_is_none()
    {
        var (terminal, screen) = Open(40, 10);
        terminal.Draw(["one", "two"], [], terminal.Size);
        terminal.Draw(["one", "two"], [], terminal.Size);
        Assert.Equal(1, screen.Writes);

        terminal.Draw(["one", "three"], ["done"], terminal.Size);
        Assert.Equal(2, screen.Writes);

        terminal.WriteLine("a warning");
        Assert.Equal(3, screen.Writes);
    }

    [Fact]
    public void What_is_written_meanwhile_goes_above_the_frame_and_stays()
    {
        var (terminal, screen) = Open(20, 6);
        terminal.WriteLine("before");
        terminal.Draw(["one", "two"], [], terminal.Size);
        terminal.Write("half a ");
        Assert.Equal(["before", "one", "two"], screen.Visible);

        terminal.Write("line\nand a line that is wider than the terminal\n");
        terminal.Draw(["one", "2"], ["exactly 20 cells: it"], terminal.Size);
        terminal.Finish(["the end"]);
        terminal.WriteLine("after");

        Assert.Equal(
            [
                "before",
                "half a line",
                "and a line that is wider than the terminal",
                "exactly 20 cells: it",
                "the end",
                "after",
            ],
            screen.History
        );
        Assert.True(screen.ShowsCursor);
    }

    [Fact]
    public void At_the_bottom_of_the_screen_frames_scroll_and_leave_nothing_behind()
    {
        var (terminal, screen) = Open(20, 4);
        for (var i = 0; i < 5; i++)
            terminal.Draw(["one", "two", $"frame {i}"], [$"event {i}"], terminal.Size);
        terminal.Finish([]);

        Assert.Equal(["event 0", "event 1", "event 2", "event 3", "event 4"], screen.History);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Made_narrower_it_shows_the_next_frame_alone(bool wrapsAnew)
    {
        var (terminal, screen) = Open(40, 12, wrapsAnew);
        terminal.Draw([new('a', 39), new('b', 39), new('c', 39)], ["stays"], terminal.Size);
        screen.Resize(15, 12);
        terminal.Draw([new('a', 14), new('b', 14)], [], terminal.Size);

        Assert.Equal(["stays", new('a', 14), new('b', 14)], screen.Visible);

        screen.Resize(50, 12);
        terminal.Draw([new('a', 49), new('b', 49)], [], terminal.Size);
        terminal.Finish(["the end"]);

        Assert.Equal(["stays", "the end"], screen.History);
    }

    [Fact]
    public void A_process_that_is_ended_leaves_its_frame_and_gives_the_cursor_back()
    {
        var (terminal, screen) = Open(40, 10);
        terminal.Draw(["one", "two"], [], terminal.Size);
        terminal.Restore();

        Assert.False(terminal.Draw(["one", "three"], [], terminal.Size));
        terminal.WriteLine("after");
        Assert.Equal(["one", "two", "after"], screen.History);
        Assert.True(screen.ShowsCursor);
    }

    [Fact]
    public void A_suspended_process_takes_its_frame_away_until_it_is_back()
    {
        var (terminal, screen) = Open(40, 10);
        terminal.Draw(["one", "two"], ["above"], terminal.Size);
        terminal.Suspend();
        Assert.Equal(["above"], screen.History);
        Assert.True(screen.ShowsCursor);

        Assert.False(terminal.Draw(["one", "two"], [], terminal.Size));
        screen.Write("[1]+ Stopped\n");
        terminal.Resume();
        Assert.True(terminal.Draw(["one", "two"], [], terminal.Size));

        Assert.Equal(["above", "[1]+ Stopped", "one", "two"], screen.Visible);
        Assert.False(screen.ShowsCursor);
    }

    [Fact]
    public void Without_a_frame_text_passes_as_it_is()
    {
        var (terminal, screen) = Open(40, 10);
        terminal.Write("a question? ");
        terminal.Draw([], [], terminal.Size);
        terminal.Finish([]);
        terminal.Write("yes");

        Assert.Equal(["a question? yes"], screen.History);
        Assert.Equal(2, screen.Writes);
    }

    // Frames of any height, lines above them of any width, and resizes in between.
    [Fact]
    public void Whatever_happens_only_what_was_to_stay_is_there_in_the_end() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 70], Gen.Int[5, 60], Gen.Int[2, 12], Gen.Bool)
            .Array[1, 12]
            .Sample(steps =>
            {
                var (terminal, screen) = Open(30, 8);
                var stays = new List<string>();
                foreach (var (height, wide, columns, rows, isForeign) in steps)
                {
                    screen.Resize(columns, rows);
                    var line = $"{stays.Count}:" + new string('x', wide);
                    stays.Add(line);
                    var frame = Enumerable.Repeat(new string('-', columns - 1), Math.Min(height, rows - 1)).ToList();
                    terminal.Draw(frame, isForeign ? [] : [line], terminal.Size);
                    if (isForeign)
                        terminal.WriteLine(line);
                    Assert.Equal(
                        frame,
                        screen
                            .Visible.TakeLast(frame.Count + (frame.Count == 0 || screen.Visible[^1].Length > 0 ? 0 : 1))
                            .Take(frame.Count)
                    );
                }
                terminal.Finish(["the end"]);
                Assert.Equal([.. stays, "the end"], screen.History);
            });

    private static (Terminal Terminal, VtScreen Screen) Open(int columns, int rows, bool wrapsAnew = true)
    {
        var screen = new VtScreen(columns, rows, wrapsAnew);
        return (new(screen, () => new(screen.Columns, screen.Rows)), screen);
    }
}
