using Recipes.Engine.Building;
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

    void IEngineObserver.On(EngineEvent happened) => events.Add(happened);

    public void Dispose() => File.Delete(path);
}
