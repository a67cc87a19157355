using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Trees;

/// <summary>
/// Splits the names of archive entries into segments, refusing what must not become a path of a tree.
/// </summary>
internal static class EntryPath
{
    /// <summary>Code points that HFS+ ignores in names: git refuses <c>.git</c> with any of them inside.</summary>
    private static readonly char[] Ignored =
    [
        .. Enumerable
            .Range(0x200c, 4)
            .Concat(Enumerable.Range(0x202a, 5))
            .Concat(Enumerable.Range(0x206a, 6))
            .Select(x => (char)x),
        '\ufeff',
    ];

    /// <summary>In bytes of UTF-8: the kernel takes no longer path or target of a link (<c>PATH_MAX</c>).</summary>
    public const int MaxPath = 4095;

    /// <summary>In bytes of UTF-8: file systems take no longer name (<c>NAME_MAX</c>).</summary>
    public const int MaxName = 255;

    /// <summary>Folders and the name in them: no source is as deep.</summary>
    public const int MaxSegments = 512;

    /// <summary>Fails for a path that no file system takes, or that is deeper than any source.</summary>
    /// <exception cref="ImportException">It is too long or too deep.</exception>
    public static void CheckLength(string[] path)
    {
        if (path.Length > MaxSegments)
            throw ImportException.OfEntry(
                $"the path '{Excerpt.Of(string.Join('/', path))}' is deeper than {MaxSegments} folders"
            );
        var length = -1;
        foreach (var segment in path)
        {
            var bytes = Encoding.UTF8.GetByteCount(segment);
            if (bytes > MaxName)
                throw ImportException.OfEntry($"the name '{Excerpt.Of(segment)}' is longer than {MaxName} bytes");
            length += bytes + 1;
        }
        if (length > MaxPath)
            throw ImportException.OfEntry(
                $"the path '{Excerpt.Of(string.Join('/', path))}' is longer than {MaxPath} bytes"
            );
    }

    /// <summary>The segments of a good name; none for the root itself (<c>./</c>).</summary>
    /// <exception cref="ImportException">As with <see cref="Check"/>.</exception>
    public static string[] Split(string name)
    {
        Check(name);
        return Segments(name);
    }

    /// <summary>The segments of any name, good or not, to ask whether it is wanted.</summary>
    public static string[] Segments(string name) => [.. name.Split('/').Where(x => x is not ("" or "."))];

    /// <summary>Fails for what must not become a path of a tree.</summary>
    /// <exception cref="ImportException">
    /// The name is absolute, holds <c>..</c>, is not UTF-8, or git refuses it.
    /// </exception>
    public static void Check(string name)
    {
        // The tar reader puts U+FFFD where bytes are not UTF-8.
        if (name.Contains('\ufffd', StringComparison.Ordinal))
            throw ImportException.OfEntry($"the name '{Excerpt.Of(name)}' is not UTF-8");
        if (name.Contains('\0', StringComparison.Ordinal))
            throw ImportException.OfEntry($"the name '{Excerpt.Of(name.Replace('\0', '?'))}' holds a zero byte");
        if (name.StartsWith('/'))
            throw ImportException.OfEntry($"the path '{Excerpt.Of(name)}' is absolute");
        foreach (var segment in Segments(name))
        {
            if (segment == "..")
                throw ImportException.OfEntry($"the path '{Excerpt.Of(name)}' holds '..'");
            if (IsGitFolder(segment))
                throw ImportException.OfEntry($"git refuses the name '{segment}' in '{Excerpt.Of(name)}'");
        }
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
