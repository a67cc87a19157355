using System.Globalization;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Sources;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Recipes.Cli.Output;

/// <summary>What <see cref="LiveRenderer"/> draws, as a function of the progress. Text only, no markup: nothing needs escaping.</summary>
internal static class ProgressView
{
    private const int BarWidth = 24;
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Quiet = new(Color.Grey);

    /// <summary>The moving part: the running builds, the downloads, the uploads, then the plan. Every line fits the width.</summary>
    public static Rows Of(BuildProgress progress, TimeSpan now, int width, int height)
    {
        var names = progress.Running.Select(x => x.Package.Length).DefaultIfEmpty().Max();
        var moving = progress
            .Running.Select(x => RunningLine(x, now, names))
            .Concat(progress.Downloads.Values.Select(DownloadLine))
            .Concat(progress.Uploads.Values.Select(x => UploadLine(x, progress.Uploads.Keys.Max(y => y.Length))))
            .ToList();
        var room = Math.Max(1, height - 3);
        var lines = moving.Take(room).Select(x => Fit(x, width)).ToList<IRenderable>();
        if (moving.Count > room)
            lines.Add(new Text(string.Create(CultureInfo.InvariantCulture, $"  … and {moving.Count - room} more"), Quiet));
        if (progress.Total > 0)
            lines.Add(PlanLine(progress, now, width));
        return new Rows(lines);
    }

    /// <summary>What scrolls up and stays: builds that ended, and failures. What was cached is only counted.</summary>
    public static IEnumerable<IRenderable> Lasting(EngineEvent happened, BuildProgress progress)
    {
        switch (happened)
        {
            case PackageFailure failure:
                foreach (var line in EventLines.OfFailure(failure))
                    yield return Line(line, line.StartsWith("error:", StringComparison.Ordinal) ? Bad : default(Style?));
                break;
            case PackageStateChanged { State: BuildState.Built } change:
                yield return Line($"✓ {change.Package} {EventLines.Ending(change)}", Good);
                break;
            case PackageStateChanged { State: BuildState.Failed } change:
                yield return Line($"✗ {change.Package} {EventLines.Ending(change)}", Bad);
                break;
            case PackageStateChanged or PlanMade or StepStarted:
                break;
            default:
                foreach (var line in EventLines.Of(happened, progress))
                    yield return Line(line, default);
                break;
        }
    }

    private static string RunningLine(RunningBuild build, TimeSpan now, int names)
    {
        var expected = build.Expected is { } time ? $" of about {Quantities.Duration(time)}" : "";
        return $"▸ {build.Package.PadRight(names)}  {build.Step,-10}  {Quantities.Duration(now - build.StartedAt)}{expected}";
    }

    private static string DownloadLine(DownloadProgress download)
    {
        var total = download.Total is { } bytes ? $" of {Quantities.Size(bytes)}" : "";
        return $"↓ {Printable.Line(download.Name)}  {Quantities.Size(download.Bytes)}{total}";
    }

    private static string UploadLine(BlobProgress upload, int names)
    {
        var filled = upload.Total == 0 ? BarWidth : (int)(upload.Bytes * BarWidth / upload.Total);
        var bar = new string('━', filled) + new string('─', BarWidth - filled);
        return $"↑ {upload.Name.PadRight(names)}  {bar}  {Quantities.Size(upload.Bytes)} of {Quantities.Size(upload.Total)}";
    }

    private static Paragraph PlanLine(BuildProgress progress, TimeSpan now, int width)
    {
        var filled = progress.Finished * BarWidth / progress.Total;
        var counts = new[] { BuildState.Built, BuildState.Cached, BuildState.Failed, BuildState.Skipped }
            .Select(x => (State: x, Count: progress.Count(x)))
            .Where(x => x.Count > 0)
            .Select(x => Quantities.Count(x.Count, x.State))
            .Append(Quantities.Duration(now));
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $" {progress.Finished}/{progress.Total} packages  {string.Join(", ", counts)}"
        );
        var isShort = width < BarWidth + 20;
        return new Paragraph()
            .Append(isShort ? "" : new string('━', filled), progress.Count(BuildState.Failed) > 0 ? Bad : Good)
            .Append(isShort ? "" : new string('━', BarWidth - filled), Quiet)
            .Append(Cut(text, width - (isShort ? 0 : BarWidth)));
    }

    private static Text Fit(string line, int width) => new(Cut(line, width));

    // A line that wraps would move all below it and flicker.
    private static string Cut(string line, int width) =>
        line.Length < width ? line : width < 2 ? "" : string.Concat(line.AsSpan(0, width - 2), "…");

    private static Text Line(string line, Style? style) => new(line + "\n", style);
}
