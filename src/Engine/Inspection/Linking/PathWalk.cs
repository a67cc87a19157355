namespace Recipes.Engine.Inspection.Linking;

/// <summary>Walks a path through symbolic links, as the kernel does (path_resolution(7)).</summary>
internal static class PathWalk
{
    // The kernel's own limit.
    private const int MaximumLinks = 40;

    /// <summary>The same place without links on the way; segments that do not exist stay as they are.</summary>
    /// <param name="path">Absolute, or relative to the root.</param>
    /// <param name="followLast">Whether to follow a link at the very path too.</param>
    /// <param name="targetOf">A path relative to the root → where the link there leads; null where there is none.</param>
    /// <returns>Relative to the root.</returns>
    public static string Resolve(string path, bool followLast, Func<string, string?> targetOf)
    {
        var pending = new Stack<string>(Segments(path).Reverse());
        var current = new List<string>();
        var links = 0;
        while (pending.TryPop(out var segment))
        {
            if (segment == "..")
            {
                current.RemoveRange(Math.Max(0, current.Count - 1), Math.Min(1, current.Count));
                continue;
            }
            current.Add(segment);
            if (!(followLast || pending.Count > 0) || links == MaximumLinks)
                continue;
            if (targetOf(string.Join('/', current)) is not { } target)
                continue;
            links++;
            if (target.StartsWith('/'))
                current.Clear();
            else
                current.RemoveAt(current.Count - 1);
            foreach (var part in Segments(target).Reverse())
                pending.Push(part);
        }
        return string.Join('/', current);
    }

    private static IEnumerable<string> Segments(string path) => path.Split('/').Where(x => x is not ("" or "."));
}
