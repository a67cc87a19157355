namespace Recipes.Engine.Sources.Debian;

/// <summary>
/// Moves paths of packages into a root where <c>/bin</c>, <c>/sbin</c>, <c>/lib</c> and <c>/lib64</c> are links into
/// <c>/usr</c>, and makes links relative, so that they stay inside of whatever folder the root lies in.
/// </summary>
internal static class MergedUsr
{
    /// <summary>The folders of the root that are links into <c>usr</c>.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["bin", "lib", "lib64", "sbin"];

    /// <summary>Where a path of a package goes.</summary>
    public static string[] Map(string[] path) => path.Length > 0 && Folders.Contains(path[0]) ? ["usr", .. path] : path;

    /// <summary>The target that a link needs after it was moved.</summary>
    /// <param name="path">The link as the package has it.</param>
    /// <param name="placed">Where it goes.</param>
    /// <param name="target">Its target there, absolute or relative.</param>
    public static string MapTarget(string[] path, string[] placed, string target)
    {
        var isAbsolute = target.StartsWith('/');
        var pointed = Resolve(isAbsolute ? [] : path[..^1], target);
        var (from, to) = (placed, Map(pointed));
        // Nothing moved: the packager's own words stand.
        if (!isAbsolute && from.Length == path.Length && to.Length == pointed.Length)
            return target;
        var common = 0;
        while (common < from.Length - 1 && common < to.Length && from[common] == to[common])
            common++;
        string[] steps = [.. Enumerable.Repeat("..", from.Length - 1 - common), .. to[common..]];
        return steps.Length == 0 ? "." : string.Join('/', steps);
    }

    /// <summary>Follows a target by its words; the root's parent is the root.</summary>
    private static string[] Resolve(string[] folder, string target)
    {
        var segments = new List<string>(folder);
        foreach (var segment in target.Split('/'))
        {
            if (segment == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (segment is not ("" or "." or ".."))
                segments.Add(segment);
        }
        return [.. segments];
    }
}
