using Recipes.Cli.Output;
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
    public async Task Lines_of_several_threads_stay_whole()
    {
        using var writer = new StringWriter();
        await using (var renderer = new PlainRenderer(writer))
            await Task.WhenAll(
                Enumerable.Range(0, 8).Select(n => Task.Run(() =>
                {
                    for (var i = 0; i < 100; i++)
                        renderer.On(new Engine.Building.StepStarted($"package-{n}", $"step-{i}"));
                }))
            );

        var lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(800, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^\[0/0\] package-\d: step-\d+$", line));
    }
}
