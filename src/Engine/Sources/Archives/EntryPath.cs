namespace Recipes.Engine.Sources.Archives;

/// <summary>Splits the names of archive entries into segments, refusing what must not become a path of a tree.</summary>
internal static class EntryPath
{
    /// <summary>Code points that HFS+ ignores in names: git refuses <c>.git</c> with any of them inside.</summary>
    private static readonly char[] Ignored =
    [
        .. Enumerable.Range(0x200c, 4).Concat(Enumerable.Range(0x202a, 5)).Concat(Enumerable.Range(0x206a, 6)).Select(x => (char)x),
        '\ufeff',
    ];

    /// <summary>The segments; none for the root itself (<c>./</c>).</summary>
    /// <exception cref="ImportException">The name is absolute, holds <c>..</c>, is not UTF-8, or git refuses it.</exception>
    public static string[] Split(string name)
    {
        // The tar reader puts U+FFFD where bytes are not UTF-8.
        if (name.Contains('\ufffd', StringComparison.Ordinal))
            throw new ImportException($"the name '{name}' is not UTF-8");
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new ImportException($"the name '{name.Replace('\0', '?')}' holds a zero byte");
        if (name.StartsWith('/'))
            throw new ImportException($"the path '{name}' is absolute");
        string[] segments = [.. name.Split('/').Where(x => x is not ("" or "."))];
        foreach (var segment in segments)
        {
            if (segment == "..")
                throw new ImportException($"the path '{name}' holds '..'");
            if (IsGitFolder(segment))
                throw new ImportException($"git refuses the name '{segment}' in '{name}'");
        }
        return segments;
    }

    /// <summary>True for each spelling that some file system takes for <c>.git</c>.</summary>
    private static bool IsGitFolder(string segment)
    {
        var visible = string.Concat(segment.Split(Ignored));
        var stream = visible.IndexOf(':', StringComparison.Ordinal);
        var windows = (stream < 0 ? visible : visible[..stream]).TrimEnd(' ', '.');
        return windows.Equals(".git", StringComparison.OrdinalIgnoreCase)
            || windows.Equals("git~1", StringComparison.OrdinalIgnoreCase);
    }
}
