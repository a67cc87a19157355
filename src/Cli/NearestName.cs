namespace Recipes.Cli;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest edits, if that is few enough for a misspelling; the first of equals.</summary>
    public static string? Find(string written, IEnumerable<string> known) =>
        known
            .Select(name => (Name: name, Distance: Distance(written, name)))
            .Where(x => x.Distance <= Math.Max(1, Math.Min(x.Name.Length, written.Length) / 3))
            .OrderBy(x => x.Distance)
            .ThenBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => x.Name)
            .FirstOrDefault();

    // Damerau's distance with adjacent transpositions: swapped letters are one slip.
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
                cost[i, j] =
                    i == 0 ? j
                    : j == 0 ? i
                    : Math.Min(
                        Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                        Math.Min(cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Swap(i, j))
                    );
        return cost[a.Length, b.Length];

        int Swap(int i, int j) =>
            i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] ? cost[i - 2, j - 2] + 1 : int.MaxValue;
    }
}
