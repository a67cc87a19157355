using Recipes.Engine.Building;

namespace Recipes.Cli.Output;

/// <summary>The last line about a build, for people.</summary>
internal static class BuildSummary
{
    private static readonly BuildState[] Endings =
    [
        BuildState.Built,
        BuildState.Cached,
        BuildState.Failed,
        BuildState.Skipped,
    ];

    /// <summary><c>5 packages: 2 built, 3 cached, in 12 s</c>, and what failed, by name.</summary>
    public static void Write(TextWriter writer, BuildReport report, TimeSpan elapsed)
    {
        foreach (var line in Of(report, elapsed))
            writer.WriteLine(line);
    }

    private static IEnumerable<string> Of(BuildReport report, TimeSpan elapsed)
    {
        var outcomes = report.Outcomes.Values;
        var counts = Endings
            .Select(state => (State: state, Count: outcomes.Count(x => x.State == state)))
            .Where(x => x.Count > 0)
            .Select(x => Quantities.Count(x.Count, x.State));
        yield return $"{Quantities.Count(report.Outcomes.Count, "package")}: {string.Join(", ", counts)}, in "
            + $"{Quantities.Duration(elapsed)}";
        foreach (var unclean in outcomes.Where(x => x.Result is { IsClean: false }).Select(x => x.Package))
            yield return $"warning: {unclean} is not clean, since it was resumed: nothing is built of it; build it "
                + $"anew: recipes build {unclean}";
        var unpinned = outcomes.Where(x => x.Result is { Unpinned.IsEmpty: false }).Select(x => x.Package).ToList();
        if (unpinned.Count > 0)
            yield return $"not pinned: {string.Join(", ", unpinned)}; no image takes that without --allow-unpinned";
        var failed = outcomes.Where(x => x.State == BuildState.Failed).ToList();
        if (failed.Count > 0)
            yield return $"failed: {string.Join(", ", failed.Select(x => x.Package))}"
                // What failed before its first step, as for its root, has none.
                + (failed.Exists(x => x.Failure?.LogPath is not null) ? " (recipes log NAME shows a log)" : "");
    }
}
