using System.Globalization;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Scheduling;
using Spectre.Console;

namespace Recipes.Cli.Output;

/// <summary>What <see cref="LiveFrames"/> shows, as a function of the progress.</summary>
internal static class ProgressView
{
    private const int BarWidth = 24;

    /// <summary>Of what may be overlooked.</summary>
    internal static Style Quiet { get; } = new(Color.Grey);

    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly BuildState[] Endings =
    [
        BuildState.Built,
        BuildState.Cached,
        BuildState.Failed,
        BuildState.Skipped,
    ];

    /// <summary>
    /// The frame: the running builds, those that run longest first, the downloads, what is being written, the uploads,
    /// then the plan. Every line is narrower than the terminal, and there are fewer than it has rows.
    /// </summary>
    public static IReadOnlyList<StyledLine> Of(BuildProgress progress, TimeSpan now, TerminalSize size)
    {
        var width = size.Columns - 1;
        List<StyledLine> plan = progress.Total > 0 ? [PlanLine(progress, now, width)] : [];
        List<StyledLine> moving = [.. RunningView.Lines(progress, now, width), .. Transfers(progress, now)];
        var room = Math.Max(0, size.Rows - 1 - plan.Count);
        if (moving.Count > room && room > 0)
            moving = [.. moving.Take(room - 1), StyledLine.Empty.Add($"  +{moving.Count - room + 1} more", Quiet)];
        return [.. moving.Take(room).Concat(plan).Select(x => x.Fit(width))];
    }

    /// <summary>The last screen, which stays: the plan, and above it what was running when it was broken off.</summary>
    public static IEnumerable<StyledLine> Last(BuildProgress progress, TimeSpan now) =>
        progress.Total > 0
            ? [.. RunningView.Lines(progress, now, int.MaxValue), PlanLine(progress, now, int.MaxValue)]
            : [];

    /// <summary>What scrolls up and stays: builds that ended, and failures. What was cached is only counted.</summary>
    public static IEnumerable<StyledLine> Lasting(EngineEvent happened, BuildProgress progress) =>
        happened switch
        {
            PackageFailure failure => EventLines
                .OfFailure(failure)
                .Select(x => Line(x, x.StartsWith("error:", StringComparison.Ordinal) ? Bad : default(Style?))),
            PackageStateChanged { State: BuildState.Built } change =>
            [
                Line($"✓ {change.Package} {EventLines.Ending(change)}", Good),
            ],
            PackageStateChanged { State: BuildState.Failed } change =>
            [
                Line($"✗ {change.Package} {EventLines.Ending(change)}", Bad),
            ],
            PackageStateChanged or PlanMade or StepStarted => [],
            _ => EventLines.Of(happened, progress).Select(x => Line(x)),
        };

    private static IEnumerable<StyledLine> Transfers(BuildProgress progress, TimeSpan now)
    {
        var names = progress
            .Downloads.Keys.Concat(progress.Uploads.Keys)
            .Concat(progress.Writes.Keys)
            .Select(x => Printable.Line(x).GetCellWidth())
            .DefaultIfEmpty()
            .Max();
        return
        [
            .. progress.Downloads.Values.Select(x => DownloadLine(x, now, names)),
            .. progress.Writes.Values.Select(x => AmountLine("»", x.Name, x.Bytes, x.Total, names)),
            .. progress.Uploads.Values.Select(x => AmountLine("↑", x.Name, x.Bytes, x.Total, names)),
        ];
    }

    private static StyledLine DownloadLine(Download download, TimeSpan now, int names)
    {
        var total = download.Last.Total is { } bytes ? $" of {Quantities.Size(bytes)}" : "";
        var rate = download.Rate(now) is { } speed ? $"  {Quantities.Size((long)speed)}/s" : "";
        var left = download.Remaining(now) is { } time ? $"  {Quantities.Rough(time)} left" : "";
        return StyledLine
            .Empty.Add($"↓ {Printable.Line(download.Last.Name)}")
            .PadTo(names + 4)
            .Add($"{Quantities.Size(download.Last.Bytes)}{total}")
            .Add(rate + left);
    }

    private static StyledLine AmountLine(string sign, string name, long bytes, long total, int names)
    {
        var filled = total == 0 ? BarWidth : (int)(bytes * BarWidth / total);
        return Bar(StyledLine.Empty.Add($"{sign} {Printable.Line(name)}").PadTo(names + 4), filled, null)
            .Add($"  {Quantities.Size(bytes)} of {Quantities.Size(total)}");
    }

    private static StyledLine PlanLine(BuildProgress progress, TimeSpan now, int width)
    {
        var counts = Endings
            .Select(x => (State: x, Count: progress.Count(x)))
            .Where(x => x.Count > 0)
            .Select(x => Quantities.Count(x.Count, x.State));
        var left = EventLines.Remaining(progress, now, "≥") is { } time ? $", {time} left" : "";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Finished}/{progress.Total} packages in {Quantities.WholeSeconds(now)}{left}  "
                + $"{string.Join(", ", counts)}"
        );
        if (width < BarWidth + 20)
            return StyledLine.Empty.Add(text.TrimEnd());
        var style = progress.Count(BuildState.Failed) > 0 ? Bad : Good;
        return Bar(StyledLine.Empty, progress.Finished * BarWidth / progress.Total, style).Add(" " + text.TrimEnd());
    }

    private static StyledLine Line(string text, Style? style = null) => StyledLine.Empty.Add(text, style);

    private static StyledLine Bar(StyledLine line, int filled, Style? style) =>
        line.Add(new string('━', filled), style).Add(new string('─', BarWidth - filled), Quiet);
}
