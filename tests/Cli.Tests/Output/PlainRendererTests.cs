using Recipes.Cli.Output;
using Recipes.Engine.Building;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class PlainRendererTests
{
    [Fact]
    public async Task Every_event_of_note_is_one_line()
    {
        using var writer = new StringWriter();
        await using (var renderer = new PlainRenderer(writer))
            foreach (var happened in BuildStory.Events)
                renderer.On(happened);

        Golden.Matches("plain.txt", writer.ToString());
    }

    [Fact]
    public async Task A_second_plan_tells_only_what_is_new()
    {
        using var writer = new StringWriter();
        await using (var renderer = new PlainRenderer(writer))
        {
            Play(renderer, ["musl", "zlib"], ["musl"], ["zlib"]);
            Play(renderer, ["musl", "zlib"], ["zlib", "musl"], []);
            Play(renderer, ["musl", "perl"], ["musl", "perl"], []);
        }

        string[] lines =
        [
            "plan: 2 packages",
            "[1/2] musl: cached",
            "[1/2] zlib: started",
            "[2/2] zlib: built in 2.0 s",
            "plan: 2 packages",
            "[3/3] perl: cached",
        ];
        Assert.Equal(lines, writer.ToString().TrimEnd('\n').Split('\n'));

        static void Play(PlainRenderer renderer, string[] plan, string[] cached, string[] built)
        {
            renderer.On(new PlanMade([.. plan.Select(x => new PlanNode(x, [], null))], Builds: 1, KeepGoing: false));
            foreach (var name in cached)
                renderer.On(new PackageStateChanged(name, BuildState.Cached));
            foreach (var name in built)
            {
                renderer.On(new PackageStateChanged(name, BuildState.Ready));
                renderer.On(new PackageStateChanged(name, BuildState.Running));
                renderer.On(new PackageStateChanged(name, BuildState.Built, TimeSpan.FromSeconds(2)));
            }
        }
    }

    [Fact]
    public async Task Lines_of_several_threads_stay_whole()
    {
        using var writer = new StringWriter();
        await using (var renderer = new PlainRenderer(writer))
            await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(n =>
                        Task.Run(() =>
                        {
                            for (var i = 0; i < 100; i++)
                                renderer.On(new StepStarted($"package-{n}", $"step-{i}"));
                        })
                    )
            );

        var lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(800, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^\[0/0\] package-\d: step-\d+$", line));
    }
}
