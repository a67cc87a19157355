using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Recipes.Integration.Tests.Tutorials;

/// <summary>The lines that a tutorial shows beneath a command, held against those that the command gave.</summary>
internal sealed class ExpectedAnswer
{
    /// <summary>A line that stands for one line or more.</summary>
    public const string Lines = "...";

    /// <summary>Stands for text within a line.</summary>
    public const string Text = "…";

    // A missing line weighs more than a new one, or "..." would take in lines whose neighbours are expected.
    private const int Missing = 3;
    private const int New = 2;

    private readonly ImmutableArray<Pattern> patterns;

    public ExpectedAnswer(ImmutableArray<string> lines) => patterns = [.. lines.SelectMany(Patterns)];

    /// <summary>Both sides together, line by line, with the fewest differences.</summary>
    public ImmutableArray<ComparedLine> Compare(ImmutableArray<string> got)
    {
        var cost = Costs(got);
        var result = ImmutableArray.CreateBuilder<ComparedLine>();
        for (var (i, j) = (0, 0); i < patterns.Length || j < got.Length; )
        {
            if (
                i < patterns.Length
                && j < got.Length
                && patterns[i].Matches(got[j])
                && cost[i][j] == cost[patterns[i].Repeats ? i : i + 1][j + 1]
            )
            {
                result.Add(new(patterns[i].Line, got[j], patterns[i].Repeats));
                (i, j) = (patterns[i].Repeats ? i : i + 1, j + 1);
            }
            else if (i < patterns.Length && cost[i][j] == patterns[i].Weight + cost[i + 1][j])
            {
                if (!patterns[i].Repeats)
                    result.Add(new(patterns[i].Line, null, false));
                i++;
            }
            else
            {
                result.Add(new(null, got[j], false));
                j++;
            }
        }
        return result.ToImmutable();
    }

    // cost[i][j]: what the differences weigh between the patterns from i and the lines from j.
    private int[][] Costs(ImmutableArray<string> got)
    {
        var cost = Enumerable.Range(0, patterns.Length + 1).Select(_ => new int[got.Length + 1]).ToArray();
        for (var i = patterns.Length; i >= 0; i--)
        {
            for (var j = got.Length; j >= 0; j--)
            {
                if (i == patterns.Length)
                {
                    cost[i][j] = New * (got.Length - j);
                    continue;
                }
                cost[i][j] = patterns[i].Weight + cost[i + 1][j];
                if (j == got.Length)
                    continue;
                cost[i][j] = Math.Min(cost[i][j], New + cost[i][j + 1]);
                if (patterns[i].Matches(got[j]))
                    cost[i][j] = Math.Min(cost[i][j], cost[patterns[i].Repeats ? i : i + 1][j + 1]);
            }
        }
        return cost;
    }

    private static IEnumerable<Pattern> Patterns(string line)
    {
        if (line != Lines)
            return [new(line, Expression(line), Repeats: false)];
        var any = new Regex("");
        return [new(line, any, Repeats: false), new(line, any, Repeats: true)];
    }

    // The columns of a table move with the widths of what a placeholder stands for, so that spaces are as wide as they
    // like.
    private static Regex Expression(string line)
    {
        var pattern = string.Join(".+?", line.Split(Text).Select(Regex.Escape));
        return new(
            $"^{(line.Contains(Text, StringComparison.Ordinal) ? Spaces(pattern) : pattern)}$",
            RegexOptions.CultureInvariant
        );
    }

    private static string Spaces(string pattern) => Regex.Replace(pattern, @"(\\ )+", " +");

    private sealed record Pattern(string Line, Regex Expression, bool Repeats)
    {
        // What may repeat may also be absent.
        public int Weight => Repeats ? 0 : Missing;

        public bool Matches(string line) => Expression.IsMatch(line);
    }
}

/// <summary>A line of a comparison.</summary>
/// <param name="Expected">As the tutorial has it; null if it has no such line.</param>
/// <param name="Got">As the command gave it; null if it did not.</param>
/// <param name="IsMore">True from the second line on that one line <c>...</c> stands for.</param>
internal readonly record struct ComparedLine(string? Expected, string? Got, bool IsMore)
{
    /// <summary>Whether the two agree.</summary>
    public bool Agrees => Expected is not null && Got is not null;

    /// <summary>As a diff has it; where both agree, as it came.</summary>
    public override string ToString() =>
        Agrees ? $"  {Got}"
        : Expected is null ? $"+ {Got}"
        : $"- {Expected}";
}
