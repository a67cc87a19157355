using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Bumping;

namespace Recipes.Cli.Output;

/// <summary>The review of a bump, for a person's eyes and as the message of its commit.</summary>
internal static class BumpView
{
    private const int MaxFiles = 20;

    /// <summary>The message: a subject, an empty line, and the rest.</summary>
    public static string Message(BumpReview review)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Write(writer, review);
        return writer.ToString();
    }

    /// <summary>The same on a terminal.</summary>
    public static void Write(TextWriter writer, BumpReview review)
    {
        Line(writer, $"Bump {review.Recipe} from {review.Before.Version} to {review.After.Version}");
        writer.WriteLine();
        Line(writer, $"commit {review.Before.Commit} → {review.After.Commit}");
        Line(writer, $"from {review.Origin}{(review.IsGiven ? ", given as a file" : "")}");
        if (!review.After.ArchiveDigest.IsEmpty)
            Line(writer, $"{review.After.ArchiveDigest.Oci}, {Quantities.Size(review.After.ArchiveDigest.Size)}");
        foreach (var edit in review.Edits)
            Line(writer, $"{edit.File}: {edit.Key} {edit.Before} → {edit.After}");
        writer.WriteLine();
        WriteUpstream(writer, review);
        WritePatches(writer, review);
        writer.WriteLine();
        WriteRebuilds(writer, review.Rebuilds, review.Images);
        if (review.Built is { } built)
            BumpBuildView.Write(writer, built);
    }

    private static void WriteUpstream(TextWriter writer, BumpReview review)
    {
        if (review.Upstream is not { } upstream)
        {
            Line(writer, $"upstream: not compared, since the source of {review.Before.Version} is no longer available");
            return;
        }
        var kinds = Enum.GetValues<SourceChangeKind>()
            .Select(x => (Kind: x, Count: upstream.Count(x)))
            .Where(x => x.Count > 0);
        var counts = string.Join(", ", kinds.Select(x => Quantities.Count(x.Count, x.Kind)));
        Line(
            writer,
            upstream.Files.IsEmpty
                ? "upstream: no file changed"
                : $"upstream: {Quantities.Count(upstream.Files.Length, "file")} ({counts}), "
                    + Invariant($"lines +{upstream.LinesAdded} -{upstream.LinesRemoved}")
        );
        var licences = upstream.Files.Where(x => x.IsLicence).Select(x => $"{x.Path} ({Change(x)})").ToList();
        Line(writer, licences.Count == 0 ? "licence files: unchanged" : $"licence files: {Shortened(licences)}");
    }

    private static string Change(SourceChange change)
    {
        var lines = change.LinesAdded is { } added ? Invariant($"+{added} -{change.LinesRemoved}") : "not text";
        return change.Kind == SourceChangeKind.Changed
            ? lines
            : $"{change.Kind.ToString().ToLowerInvariant()}, {lines}";
    }

    private static void WritePatches(TextWriter writer, BumpReview review)
    {
        if (!review.FailedPatches.IsEmpty)
            writer.WriteLine("patches that no longer apply:");
        foreach (var patch in review.FailedPatches)
            Line(
                writer,
                $"  {patch.Recipe}/{patch.File}: "
                    + $"{(patch.IsUpstream ? $"{review.After.Version} has what it does; drop it" : patch.Reason)}"
            );
    }

    /// <summary>What is built again, and how long that took.</summary>
    internal static void WriteRebuilds(
        TextWriter writer,
        ImmutableArray<Rebuild> rebuilds,
        ImmutableArray<string> images
    )
    {
        if (rebuilds.IsEmpty)
        {
            writer.WriteLine("nothing is built from it");
            return;
        }
        writer.WriteLine("built again at most, in order, with the time it took last:");
        foreach (var rebuild in rebuilds)
            Line(
                writer,
                $"  {rebuild.Package}  "
                    + $"{(rebuild.Seconds is { } seconds ? Quantities.Duration(TimeSpan.FromSeconds(seconds)) : "-")}"
            );
        Line(
            writer,
            $"  {Quantities.Duration(TimeSpan.FromSeconds(rebuilds.Sum(x => x.Seconds ?? 0)))} one after the "
                + $"other"
        );
        Line(writer, images.IsEmpty ? "images: none" : $"images: {string.Join(", ", images)}");
    }

    /// <summary>A list that stays readable; all of it is in the JSON.</summary>
    internal static string Shortened(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MaxFiles))
        + (names.Count > MaxFiles ? Invariant($" and {names.Count - MaxFiles} more") : "");

    internal static void Line(TextWriter writer, string text) => writer.WriteLine(Printable.Line(text));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
