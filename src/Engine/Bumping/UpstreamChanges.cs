using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Recipes.Engine.Sources.Git;

namespace Recipes.Engine.Bumping;

/// <summary>How a file of a source changed.</summary>
internal enum SourceChangeKind
{
    /// <summary>Only the new version has it.</summary>
    Added,

    /// <summary>Only the old version has it.</summary>
    Removed,

    /// <summary>Both have it, and it differs.</summary>
    Changed,

    /// <summary>It has another path now.</summary>
    Renamed,
}

/// <summary>A file of a source that differs between two versions.</summary>
/// <param name="Path">Its path now, or the last it had.</param>
/// <param name="Kind">How it differs.</param>
/// <param name="LinesAdded">Null for what is not text.</param>
/// <param name="LinesRemoved">Null for what is not text.</param>
internal sealed record SourceChange(string Path, SourceChangeKind Kind, int? LinesAdded, int? LinesRemoved)
{
    /// <summary>
    /// True if it tells the terms under which the software may be used, by the name that such files have.
    /// </summary>
    public bool IsLicence => LicenceFiles.Matches(Path);
}

/// <summary>What upstream changed between two versions, as <c>git diff -M</c> sees it.</summary>
/// <param name="Files">By path.</param>
internal sealed record UpstreamChanges(ImmutableArray<SourceChange> Files)
{
    /// <summary>Lines added in all text files.</summary>
    public long LinesAdded => Files.Sum(x => (long)(x.LinesAdded ?? 0));

    /// <summary>Lines removed in all text files.</summary>
    public long LinesRemoved => Files.Sum(x => (long)(x.LinesRemoved ?? 0));

    /// <summary>How many files changed in a way.</summary>
    public int Count(SourceChangeKind kind) => Files.Count(x => x.Kind == kind);

    /// <summary>Compares two source trees.</summary>
    /// <param name="before">The folder of the old one.</param>
    /// <param name="after">The folder of the new one.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="EngineException">git fails, or is not on this machine.</exception>
    public static async Task<UpstreamChanges> BetweenAsync(
        string before,
        string after,
        CancellationToken cancellationToken
    )
    {
        // Nothing of the person's configuration may change the numbers.
        string[] arguments =
        [
            "-c",
            "core.autocrlf=false",
            "-c",
            "core.attributesFile=/dev/null",
            "diff",
            "--no-index",
            "--no-ext-diff",
            "--no-textconv",
            "--diff-algorithm=myers",
            "-M",
            "--numstat",
            "-z",
            "--",
            before,
            after,
        ];
        var result = await GitProgram.Outside.RunAsync(arguments, cancellationToken);
        // As diff(1) does, it returns 1 if there are differences.
        if (result.ExitCode > 1)
            throw new EngineException($"git could not compare the sources: {result.StandardError.Trim()}");
        var fields = result.StandardOutput.Split('\0');
        var files = ImmutableArray.CreateBuilder<SourceChange>();
        for (var i = 0; i + 2 < fields.Length; i += 3)
            files.Add(Read(fields[i].Split('\t'), Below(before, fields[i + 1]), Below(after, fields[i + 2])));
        return new([.. files.OrderBy(x => x.Path, StringComparer.Ordinal)]);
    }

    /// <summary>The path in the tree; null for <c>/dev/null</c>.</summary>
    private static string? Below(string folder, string path) =>
        path == "/dev/null" ? null : Path.GetRelativePath(folder, path);

    private static SourceChange Read(string[] counts, string? before, string? after)
    {
        var kind = (before, after) switch
        {
            (null, _) => SourceChangeKind.Added,
            (_, null) => SourceChangeKind.Removed,
            _ => before == after ? SourceChangeKind.Changed : SourceChangeKind.Renamed,
        };
        return new(after ?? before!, kind, Lines(counts[0]), Lines(counts[1]));
    }

    private static int? Lines(string count) =>
        int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : null;
}

/// <summary>Names of files that hold terms of use: those of the GNU project, of REUSE, and their kin.</summary>
internal static partial class LicenceFiles
{
    public static bool Matches(string path) => Names().IsMatch(path);

    [GeneratedRegex(
        @"(^|/)((un)?licen[cs]es?|copying|copyright|notice|patents)([-._][^/]*)?(/|$)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Names();
}
