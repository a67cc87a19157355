using System.Collections.Immutable;
using Spectre.Console;

namespace Recipes.Cli.Output;

/// <summary>The lines of the running builds: step, time so far, time of last time, and what waits for each.</summary>
internal static class RunningView
{
    private const int StepWidth = 10;
    private const int MaxNames = 3;

    /// <summary>One line a build, in columns.</summary>
    /// <param name="progress">Where the plan stands.</param>
    /// <param name="now">On the renderer's clock.</param>
    /// <param name="width">Cells that the names of waiting packages may fill; the other columns may be wider.</param>
    public static IEnumerable<StyledLine> Lines(BuildProgress progress, TimeSpan now, int width)
    {
        var names = progress.Running.Select(x => x.Package.Length).DefaultIfEmpty().Max();
        var lines = progress
            .Running.Select(x =>
                StyledLine
                    .Empty.Add($"▸ {x.Package}")
                    .PadTo(names + 4)
                    .Add(x.Step.PadRight(StepWidth))
                    .Add("  " + Time(x, now))
            )
            .ToList();
        var column = lines.Select(x => x.Width).DefaultIfEmpty().Max() + 2;
        return lines.Zip(progress.Running, (line, build) =>
            WithWaiters(line, progress.WaitersOf(build.Package), column, width)
        );
    }

    private static string Time(RunningBuild build, TimeSpan now)
    {
        var elapsed = Quantities.WholeSeconds(now - build.StartedAt);
        return build.Expected is { } time
            ? $"{elapsed} of about {Quantities.WholeSeconds(TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)))}"
            : $"{elapsed}, first time";
    }

    private static StyledLine WithWaiters(StyledLine line, ImmutableArray<string> waiters, int column, int width)
    {
        if (waiters.IsEmpty)
            return line;
        for (var count = Math.Min(MaxNames, waiters.Length); count > 0; count--)
        {
            var more = waiters.Length > count ? $" +{waiters.Length - count}" : "";
            var text = $"→ {string.Join(", ", waiters.Take(count))}{more}";
            if (column + text.GetCellWidth() <= width)
                return line.PadTo(column).Add(text, ProgressView.Quiet);
        }
        var number = $"→ {waiters.Length}";
        return column + number.Length <= width ? line.PadTo(column).Add(number, ProgressView.Quiet) : line;
    }
}
