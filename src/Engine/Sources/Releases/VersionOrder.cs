using System.Globalization;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Sources.Releases;

/// <summary>
/// The order of versions as upstreams write them: numbers count as numbers (1.9 before 1.10); <c>rc</c>, <c>beta</c>,
/// <c>alpha</c>, <c>pre</c>, <c>dev</c>, <c>a1</c>, <c>b1</c> and what follows a <c>~</c> come before the release; any
/// other letter comes after it (1.1.1 before 1.1.1a, 9.9 before 9.9p1). Separators only separate.
/// </summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    /// <summary>The only instance needed.</summary>
    public static VersionOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parts(x ?? ""), Parts(y ?? ""));
        for (var i = 0; i < left.Count || i < right.Count; i++)
        {
            var difference = Compare(i < left.Count ? left[i] : Part.End, i < right.Count ? right[i] : Part.End);
            if (difference != 0)
                return difference;
        }
        return string.CompareOrdinal(x, y);
    }

    /// <summary>
    /// True for what precedes a release, and for a snapshot that has its date as a part beside others
    /// (2.46.50.20260617).
    /// </summary>
    public static bool IsPrerelease(string version)
    {
        var parts = Parts(version);
        return parts.Any(x => x.Rank < Part.End.Rank) || (parts.Count > 1 && parts.Any(x => Date().IsMatch(x.Text)));
    }

    /// <summary>A run of digits or of letters.</summary>
    /// <param name="Rank">
    /// What is compared first: before the end of the version, the end, letters after it, numbers.
    /// </param>
    /// <param name="Text">The run; numbers without leading zeros.</param>
    private readonly record struct Part(int Rank, string Text)
    {
        public const int Tilde = -10;
        public const int Letters = 1;
        public const int Number = 2;

        public static Part End { get; } = new(0, "");
    }

    private static int Compare(Part left, Part right)
    {
        if (left.Rank != right.Rank)
            return left.Rank.CompareTo(right.Rank);
        if (left.Rank == Part.Number && left.Text.Length != right.Text.Length)
            return left.Text.Length.CompareTo(right.Text.Length);
        return string.CompareOrdinal(left.Text, right.Text);
    }

    private static List<Part> Parts(string version)
    {
        var runs = Runs().Matches(version.ToLower(CultureInfo.InvariantCulture)).Select(x => x.Value).ToList();
        var parts = new List<Part>(runs.Count);
        for (var i = 0; i < runs.Count; i++)
        {
            var isNumbered = i + 1 < runs.Count && char.IsAsciiDigit(runs[i + 1][0]);
            parts.Add(
                char.IsAsciiDigit(runs[i][0])
                    ? new(Part.Number, runs[i].TrimStart('0'))
                    : new(Rank(runs[i], isNumbered), runs[i])
            );
        }
        return parts;
    }

    private static int Rank(string word, bool isNumbered) =>
        word switch
        {
            "~" => Part.Tilde,
            "dev" or "snapshot" or "git" => -5,
            "alpha" => -4,
            "a" when isNumbered => -4,
            "beta" => -3,
            "b" when isNumbered => -3,
            "pre" or "preview" => -2,
            "rc" => -1,
            _ => Part.Letters,
        };

    [GeneratedRegex("[0-9]+|[a-z]+|~")]
    private static partial Regex Runs();

    [GeneratedRegex("^(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])$")]
    private static partial Regex Date();
}
