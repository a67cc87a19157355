using System.Globalization;
using Recipes.Engine.Building;

namespace Recipes.Engine.Pictures;

/// <summary>
/// Draws a finished run: a lane for each build at once, the critical path, and the time in which lanes were idle.
/// </summary>
internal static class TimelinePicture
{
    private const double Width = 960;
    private const double Margin = 20;
    private const double HeadHeight = 84;
    private const double LaneHeight = 34;
    private const double AxisHeight = 24;
    private const double FontSize = 11;
    private const int Ticks = 10;

    /// <summary>The distances of ticks, in seconds.</summary>
    private static readonly double[] Distances =
    [
        0.1,
        0.2,
        0.5,
        1,
        2,
        5,
        10,
        20,
        30,
        60,
        120,
        300,
        600,
        1200,
        1800,
        3600,
        7200,
        14400,
        28800,
        86400,
    ];

    /// <summary>An SVG document.</summary>
    public static string Write(Timeline run)
    {
        var lanes = Math.Max(1, run.Lanes.Length);
        var picture = new SvgPicture(
            Width,
            (2 * Margin) + HeadHeight + (lanes * LaneHeight) + AxisHeight,
            "When each build ran"
        );
        var seconds = Math.Max(run.Total.TotalSeconds, 0.001);
        double At(TimeSpan time) => Margin + (time.TotalSeconds / seconds * (Width - (2 * Margin)));
        Head(picture, run);
        for (var lane = 0; lane < lanes; lane++)
            picture.Box(new(Margin, Top(lane), Width - (2 * Margin), LaneHeight - 4), "card", radius: 4);
        foreach (var (lane, builds) in run.Lanes.Index())
        {
            foreach (var build in builds)
                Build(picture, build, run.Critical.Contains(build), At, Top(lane));
        }
        Axis(picture, seconds, At, Top(lanes));
        return picture.ToString();
    }

    private static double Top(int lane) => Margin + HeadHeight + (lane * LaneHeight);

    private static void Head(SvgPicture picture, Timeline run)
    {
        var builds = run.Builds.Count();
        var title = builds == 1 ? "1 build" : $"{builds} builds";
        var idle = run.Total.Ticks * run.Slots == 0 ? 0 : 100.0 * run.Idle.Ticks / (run.Total.Ticks * run.Slots);
        var at = run.Slots == 1 ? "one build at once" : $"up to {run.Slots} builds at once";
        picture.Head(
            Margin,
            $"{title} in {DurationText.Of(run.Total)}",
            string.Create(CultureInfo.InvariantCulture, $"{at}, {idle:0} % of that time idle")
        );
        if (run.Critical.IsEmpty)
            return;
        var length = new TimeSpan(run.Critical.Sum(x => x.Length.Ticks));
        var path =
            $"critical path {DurationText.Of(length)}: {string.Join(" → ", run.Critical.Select(x => x.Package))}";
        picture.Box(new(Margin, Margin + 50, 14, 14), "hue0");
        picture.Text(Margin + 21, Margin + 61, 13, TextWidth.Fit(path, 13, Width - (2 * Margin) - 21) ?? "", "quiet");
    }

    private static void Build(
        SvgPicture picture,
        TimelineBuild build,
        bool isCritical,
        Func<TimeSpan, double> at,
        double top
    )
    {
        var (left, right) = (at(build.Start), at(build.End));
        var place = new Rectangle(left, top, Math.Max(1, right - left - 1), LaneHeight - 4);
        var style =
            build.State == BuildState.Built
                ? isCritical
                    ? "hue0"
                    : "hue1"
                : "hue3";
        picture.Box(place, style, Tip(build), 4);
        foreach (var step in build.Steps.Skip(1))
            picture.Path(
                $"M{SvgPicture.Number(at(step.Start))} {SvgPicture.Number(top + LaneHeight - 10)}v6",
                "line tick"
            );
        var name =
            build.State == BuildState.Built
                ? build.Package
                : $"{build.Package} {build.State.ToString().ToLowerInvariant()}";
        if (TextWidth.Fit(name, FontSize, place.Width - 12) is not { } fitted)
            return;
        picture.Text(left + 6, top + 19, FontSize, fitted, "ink");
        var length = DurationText.Of(build.Length);
        if (fitted == name && TextWidth.Of(name, FontSize) + TextWidth.Of(length, FontSize) + 20 <= place.Width)
            picture.Text(left + 13 + TextWidth.Of(name, FontSize), top + 19, FontSize, length, "quiet");
    }

    private static string Tip(TimelineBuild build)
    {
        var ends = build.Steps.Skip(1).Select(x => x.Start).Append(build.End);
        var steps = build.Steps.Zip(ends, (step, end) => $"{step.Name} {DurationText.Of(end - step.Start)}");
        var state = build.State.ToString().ToLowerInvariant();
        return $"{build.Package}: {state} in "
            + $"{DurationText.Of(build.Length)}{string.Concat(steps.Select(x => ", " + x))}";
    }

    private static void Axis(SvgPicture picture, double seconds, Func<TimeSpan, double> at, double top)
    {
        var distance = Distances.FirstOrDefault(x => seconds / x <= Ticks, Distances[^1]);
        for (var tick = 0; tick * distance <= seconds; tick++)
        {
            var time = TimeSpan.FromSeconds(tick * distance);
            var text = TickTime(time);
            var x = at(time);
            picture.Path($"M{SvgPicture.Number(x)} {SvgPicture.Number(top)}v4", "line");
            if (x + TextWidth.Of(text, FontSize) <= Width)
                picture.Text(x, top + 17, FontSize, text, "quiet");
        }
    }

    /// <summary>Ticks are at round times.</summary>
    private static string TickTime(TimeSpan time) =>
        time.TotalSeconds switch
        {
            0 => "0",
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
        };
}
