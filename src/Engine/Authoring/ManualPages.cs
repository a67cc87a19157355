namespace Recipes.Engine.Authoring;

/// <summary>Reads manual pages in roff.</summary>
/// <remarks>See man-pages(7) and man(7).</remarks>
internal static class ManualPages
{
    /// <summary>What the section NAME says behind the first dash; null where there is none.</summary>
    public static string? Description(string page)
    {
        var lines = page.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!IsNameHeading(lines[i]))
                continue;
            for (i++; i < lines.Length && lines[i].AsSpan().Trim().IsEmpty; i++) { }
            // The dash is on the first line that is not a request, if not in a request before it.
            for (; i < lines.Length; i++)
            {
                if (Dash(lines[i]) is { } description)
                    return description.Length > 0
                        ? description
                        : lines.Skip(i + 1).Select(x => x.Trim()).FirstOrDefault(x => x.Length > 0);
                if (!lines[i].StartsWith('.'))
                    break;
            }
        }
        return null;
    }

    private static bool IsNameHeading(string line) =>
        line.StartsWith(".SH ", StringComparison.OrdinalIgnoreCase)
        && line.AsSpan(".SH ".Length).Trim().Trim('"').Equals("NAME", StringComparison.OrdinalIgnoreCase);

    private static string? Dash(string line)
    {
        var (escaped, plain) = (
            line.IndexOf("\\-", StringComparison.Ordinal),
            line.IndexOf(" -", StringComparison.Ordinal)
        );
        var end =
            escaped >= 0 && (plain < 0 || escaped < plain) ? escaped + 2
            : plain >= 0 ? plain + 2
            : -1;
        return end < 0 ? null : line[end..].Trim();
    }
}
