using Recipes.Engine.Building;
using Recipes.Engine.Building.Running;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class StepLogTests : IDisposable, IEngineObserver
{
    private readonly string path = Path.GetTempFileName();
    private readonly List<EngineEvent> events = [];

    [Fact]
    public void A_step_mark_becomes_a_heading_and_an_event()
    {
        using (var log = new StepLog(path, "zlib", this))
        {
            // In two pieces, as a pipe may deliver it.
            log.Write("\u001estep con"u8);
            log.Write("figure\nchecking for gcc... cc\n"u8);
            Assert.Equal("configure", log.Step);
            Assert.Equal(["checking for gcc... cc"], log.Tail);
        }

        Assert.Equal("==> configure\nchecking for gcc... cc\n", File.ReadAllText(path));
        Assert.Equal([new StepStarted("zlib", "configure")], events);
    }

    [Fact]
    public void Only_the_last_lines_are_remembered_and_a_line_without_an_end_is_kept()
    {
        var log = new StepLog(path, "zlib", this);
        using (log)
        {
            for (var i = 0; i < 100; i++)
                log.Write(System.Text.Encoding.ASCII.GetBytes($"line {i}\n"));
            log.Write("last words"u8);
        }

        Assert.Equal(30, log.Tail.Length);
        Assert.Equal("last words", log.Tail[^1]);
        Assert.EndsWith("line 99\nlast words", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_passed_on_and_not_kept()
    {
        const int pieces = 3000;
        var piece = new byte[1 << 16];
        Array.Fill(piece, (byte)'x');
        var log = new StepLog(path, "zlib", this);
        using (log)
        {
            log.Write("before\n"u8);
            log.Write(piece);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 1; i < pieces; i++)
                log.Write(piece);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
            log.Write("\nafter\n"u8);
        }

        Assert.Equal(7 + ((long)pieces << 16) + 7, new FileInfo(path).Length);
        Assert.Equal(["before", $"{new string('x', 2000)}… [{(long)pieces << 16} bytes]", "after"], log.Tail);
    }

    [Theory]
    [InlineData(65_530)]
    [InlineData(65_533)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public void A_mark_behind_a_long_line_is_seen_wherever_the_pieces_end(int length)
    {
        using (var log = new StepLog(path, "zlib", this))
        {
            foreach (var b in System.Text.Encoding.ASCII.GetBytes(new string('x', length) + "\u001estep compile\n"))
                log.Write([b]);
        }

        Assert.Equal([new StepStarted("zlib", "compile")], events);
        Assert.Equal(new string('x', length) + "==> compile\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_thousand_steps_are_told_and_no_more()
    {
        using (var log = new StepLog(path, "zlib", this))
        {
            for (var i = 0; i < 3000; i++)
                log.Write(System.Text.Encoding.ASCII.GetBytes($"\u001estep {new string('s', 10_000)}\u001b[2J\n"));
        }

        Assert.Equal(1000, events.Count);
        Assert.All(events, x => Assert.InRange(((StepStarted)x).Step.Length, 1, 201));
    }

    [Fact]
    public void What_a_log_calls_missing_is_read_from_lines_of_a_sane_length()
    {
        File.WriteAllText(
            path,
            $"{new string('a', 200_000)}: not found\nsh: flex: not "
                + $"found\n{string.Concat(Enumerable.Range(0, 5000).Select(x => $"sh: c{x}: not found\n"))}"
        );

        var missing = FailureHints.Missing(path);

        Assert.Equal("flex", missing[0]);
        Assert.Equal(100, missing.Length);
    }

    void IEngineObserver.On(EngineEvent happened) => events.Add(happened);

    public void Dispose() => File.Delete(path);
}
