using Recipes.Engine;
using Recipes.Engine.Daemons;

namespace Recipes.Cli.Output;

/// <summary>Says between the lines of a container how far it is.</summary>
internal sealed class TrialView(TextWriter writer) : IEngineObserver
{
    /// <inheritdoc/>
    public void On(EngineEvent happened)
    {
        foreach (var line in Lines(happened))
            writer.WriteLine("== " + line);
    }

    private static IEnumerable<string> Lines(EngineEvent happened) =>
        happened switch
        {
            TrialStarted started => started
                .Ports.Select(x => $"{started.Name}: {x.Port} is at {x.Address}")
                .Prepend($"{started.Name} runs as {started.Container[..12]}; Ctrl-C ends it"),
            TrialHealthy healthy => [$"{healthy.Name} is healthy after {Quantities.Duration(healthy.Elapsed)}"],
            TrialEnded ended => [$"{ended.Name} ended with status {ended.ExitCode}; its container is removed"],
            _ => [],
        };
}
