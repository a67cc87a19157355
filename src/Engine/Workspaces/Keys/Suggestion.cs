namespace Recipes.Engine.Workspaces.Keys;

/// <summary>What a person may have meant.</summary>
internal static class Suggestion
{
    /// <summary><c>did you mean 'zlib'?</c>, or null where nothing is near enough.</summary>
    public static string? For(string written, IEnumerable<string> known) =>
        Nearest(written, known) is { } nearest ? $"did you mean '{nearest}'?" : null;

    /// <summary>The sentence with the suggestion behind it, where there is one.</summary>
    public static string Append(string sentence, string written, IEnumerable<string> known) =>
        For(written, known) is { } suggestion ? $"{sentence}; {suggestion}" : sentence;

    /// <summary>The known word with the fewest slips of the pen; of equals, the first in ordinal order.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        var most = Math.Max(1, written.Length / 3);
        return known
            .Where(x => Math.Abs(x.Length - written.Length) <= most)
            .Select(x => (Word: x, Distance: Distance(written.ToLowerInvariant(), x.ToLowerInvariant())))
            .Where(x => x.Distance <= most)
            .OrderBy(x => x.Distance)
            .ThenBy(x => x.Word, StringComparer.Ordinal)
            .Select(x => x.Word)
            .FirstOrDefault();
    }

    /// <summary>Letters left out, added, changed, or swapped with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        // Three rows of the table are enough: the current one and the two above it.
        var (above, last, row) = (
            new int[b.Length + 1],
            Enumerable.Range(0, b.Length + 1).ToArray(),
            new int[b.Length + 1]
        );
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], above[j - 2] + 1);
            }
            (above, last, row) = (last, row, above);
        }
        return last[b.Length];
    }
}
