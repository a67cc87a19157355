using System.Globalization;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Scheduling;
using Recipes.Engine.Content;
using Recipes.Engine.Http;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Testing;

namespace Recipes.Cli.Output;

/// <summary>The lasting lines that an event leaves on the screen or in a log; none for what only moves on.</summary>
internal static class EventLines
{
    private const int MaxCommandLines = 6;
    private const int MaxCachedNames = 4;

    /// <summary>The lines of one event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="progress">Where the plan stands after it.</param>
    public static IEnumerable<string> Of(EngineEvent happened, BuildProgress progress) =>
        happened switch
        {
            PlanMade plan => [$"plan: {Quantities.Count(plan.Packages.Length, "package")}"],
            PackageStateChanged change when Ending(change) is { } ending =>
            [
                Counter(progress) + $"{change.Package}: {ending}",
            ],
            PackageStateChanged { State: BuildState.Running } start =>
            [
                Counter(progress)
                    + $"{start.Package}: started"
                    + (start.Expected is { } time ? $", last time {Quantities.Duration(time)}" : ""),
            ],
            BuildAwaited wait => [Counter(progress) + $"{wait.Package}: waits for another process that builds it"],
            StoreAwaited wait =>
            [
                Printable.Line(
                    $"waits for {wait.Holder ?? "another process"}, which is cleaning the store '{wait.Store}'"
                ),
            ],
            TreeDropped drop =>
            [
                Printable.Line(
                    $"store: the files of the tree {drop.Tree.Hash[..12]} were damaged: {drop.Problem}; what is "
                        + $"needed is made anew"
                ),
            ],
            StepStarted step => [Counter(progress) + $"{step.Package}: {step.Step}"],
            PackageFailure failure => OfFailure(failure),
            TestOutcome outcome => TestView.Lines(outcome),
            DownloadFinished download =>
            [
                $"{download.Name}: downloaded {Quantities.Size(download.Bytes)} from {download.Url}",
            ],
            DownloadRefused download => [Printable.Line($"{download.Name}: {download.Url}: {download.Reason}")],
            SourceUnpacked unpacked =>
            [
                $"{unpacked.Name}: unpacked {Quantities.Count(unpacked.Files, "file")}{In(unpacked.Elapsed)}",
            ],
            SourceCheckedOut source => [$"{source.Name}: {source.Path} is {source.Commit[..12]}{In(source.Elapsed)}"],
            BlobArrived blob => [$"{blob.Name}: {Arrival(blob)} ({Quantities.Size(blob.Bytes)})"],
            CredentialsGoElsewhere shown =>
            [
                Printable.Line(
                    $"{shown.Registry}: its token service is {shown.TokenService}, which is shown {shown.Credentials}"
                ),
            ],
            SuiteUnchecked suite =>
            [
                Printable.Line($"{suite.Suite}: the signature of its package lists is not checked (--unsigned)"),
            ],
            RequestRetried retry =>
            [
                Printable.Line($"{retry.Name}: {retry.Reason}; again in {Quantities.Duration(retry.Pause)}"),
            ],
            _ => [],
        };

    /// <summary>One line for all packages that were found in the store.</summary>
    /// <param name="packages">Their names.</param>
    /// <param name="progress">Where the plan stands.</param>
    public static string OfCached(IReadOnlyCollection<string> packages, BuildProgress progress) =>
        Counter(progress)
        + (
            packages.Count > MaxCachedNames
                ? $"{Quantities.Count(packages.Count, "package")} cached"
                : $"{string.Join(", ", packages)}: cached"
        );

    /// <summary>How long the plan will still take, such as <c>about 12 min</c>; null where nothing is known.</summary>
    /// <param name="progress">Where it stands.</param>
    /// <param name="now">On the renderer's clock.</param>
    /// <param name="atLeast">What stands before a lower bound.</param>
    public static string? Remaining(BuildProgress progress, TimeSpan now, string atLeast) =>
        progress.Estimate(now) switch
        {
            { IsLowerBound: true, Remaining.TotalSeconds: >= 5 } bound =>
                $"{atLeast} {Quantities.Rough(bound.Remaining, down: true)}",
            { IsLowerBound: false, Remaining.TotalSeconds: >= 1 } estimate =>
                $"about {Quantities.Rough(estimate.Remaining)}",
            _ => null,
        };

    /// <summary>What a failure leaves: why, the last lines of the log, and where to look on.</summary>
    public static IEnumerable<string> OfFailure(PackageFailure failure)
    {
        var message = Printable.Lines(RemedyWords.Of(failure.Message)).Split('\n');
        yield return $"error: {failure.Package}: {message[0]}";
        foreach (var line in message.Skip(1))
            yield return "  " + line;
        foreach (var line in OfCommand(failure.Command))
            yield return line;
        foreach (var line in failure.LogTail)
            yield return "  | " + Printable.Line(line);
        foreach (var hint in failure.Hints)
            yield return "  hint: " + Printable.Line(OfHint(failure.Package, hint));
        if (failure.LogPath is not null)
            yield return $"  whole log: {failure.LogPath}";
        if (failure.Kept is not null)
            yield return $"  left for inspection: {failure.Kept}";
        if (failure is { Kept: not null, Step: not null })
            yield return $"  a shell there: recipes shell {failure.Package}; go on from there: recipes build "
                + $"{failure.Package} --resume";
    }

    private static string OfHint(string package, FailureHint hint)
    {
        var program = hint.Program is { } called ? $"{called} is there, but not its interpreter: " : "";
        return hint.Provider is var (output, path, need)
            ? $"{program}{hint.Missing} is in {output} ({path}); run: recipes add {package} {need}"
            : $"{program}{hint.Missing} is in no package that is built";
    }

    private static IEnumerable<string> OfCommand(string? command)
    {
        var lines = Printable.Lines(command ?? "").Split('\n');
        foreach (var line in lines.Take(MaxCommandLines).Where(x => x.Length > 0))
            yield return "  $ " + line;
        if (lines.Length > MaxCommandLines)
            yield return $"  $ … and {Quantities.Count(lines.Length - MaxCommandLines, "more line")}";
    }

    /// <summary>How a package ended, in words; null if it has not.</summary>
    public static string? Ending(PackageStateChanged change) =>
        change.State switch
        {
            BuildState.Built => "built" + In(change.Elapsed),
            BuildState.Cached => "cached",
            BuildState.Failed => "failed" + In(change.Elapsed),
            BuildState.Skipped => "skipped",
            _ => null,
        };

    private static string Arrival(BlobArrived blob) =>
        blob.Arrival switch
        {
            BlobArrival.Present => "there already",
            BlobArrival.Mounted => $"mounted from {blob.From}",
            _ => "sent",
        };

    private static string In(TimeSpan? elapsed) => elapsed is { } time ? $" in {Quantities.Duration(time)}" : "";

    private static string Counter(BuildProgress progress)
    {
        var total = progress.Total.ToString(CultureInfo.InvariantCulture);
        return $"[{progress.Finished.ToString(CultureInfo.InvariantCulture).PadLeft(total.Length)}/{total}] ";
    }
}
