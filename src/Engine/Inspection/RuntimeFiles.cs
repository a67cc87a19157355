using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Inspection;

/// <summary>The files of some outputs laid over each other, as a loader or a <c>#!</c> line finds them.</summary>
/// <param name="outputs">Trees, and what is in them.</param>
public sealed class RuntimeFiles(IReadOnlyList<(Tree Tree, OutputScan Scan)> outputs)
{
    // As in the kernel.
    private const int MostLinks = 40;

    private readonly HashSet<string> sonames = outputs
        .SelectMany(x => x.Scan.Files)
        .Select(x => x.Soname)
        .OfType<string>()
        .ToHashSet(StringComparer.Ordinal);

    // What packages/filesystem provides in every image; a build root need not hold it.
    private static readonly ImmutableDictionary<string, string> UsualLinks = new Dictionary<string, string>
    {
        ["bin"] = "usr/bin",
        ["sbin"] = "usr/bin",
        ["lib"] = "usr/lib",
        ["lib64"] = "usr/lib",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>True if a library has this soname, or lies under this name where a file looks for its libraries.</summary>
    /// <param name="soname">A <c>DT_NEEDED</c> entry; with a slash it is a path.</param>
    /// <param name="wanting">The file that needs it.</param>
    public bool HasLibrary(string soname, FileScan wanting)
    {
        if (soname.Contains('/', StringComparison.Ordinal))
            return HasFile(soname);
        if (sonames.Contains(soname))
            return true;
        var origin = Path.GetDirectoryName("/" + wanting.Path)!;
        return wanting
            .RunPath.Select(x => x.Replace("${ORIGIN}", "$ORIGIN", StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal))
            .Append("/usr/lib")
            .Any(x => HasFile(x + "/" + soname));
    }

    /// <summary>True if a path leads to a file, over links too.</summary>
    /// <param name="path">Absolute.</param>
    public bool HasFile(string path)
    {
        var (pending, links) = (new Stack<string>(Segments(path)), 0);
        var place = new List<string>();
        while (pending.TryPop(out var name))
        {
            if (name == ".")
                continue;
            if (name == "..")
            {
                if (place.Count > 0)
                    place.RemoveAt(place.Count - 1);
                continue;
            }
            if (LinkAt(place, name) is { } target)
            {
                if (++links > MostLinks)
                    return false;
                if (target.StartsWith('/'))
                    place.Clear();
                foreach (var segment in Segments(target))
                    pending.Push(segment);
                continue;
            }
            if (pending.Count == 0)
                return Directories(place).Any(x => x.Directory.Files.Any(f => f.Name == name));
            place.Add(name);
        }
        return false;
    }

    // Last first, since they go on a stack.
    private static IEnumerable<string> Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse();

    private string? LinkAt(List<string> place, string name)
    {
        var found = Directories(place).SelectMany(x => x.Directory.Links).FirstOrDefault(x => x.Name == name)?.Target;
        return found ?? (place.Count == 0 && UsualLinks.TryGetValue(name, out var usual) ? usual : null);
    }

    private IEnumerable<(Tree Tree, TreeDirectory Directory)> Directories(List<string> place)
    {
        foreach (var (tree, _) in outputs)
        {
            var directory = tree.Root;
            foreach (var name in place)
            {
                if (directory.Folders.FirstOrDefault(x => x.Name == name) is not { } folder)
                {
                    directory = null;
                    break;
                }
                directory = tree.Directory(folder);
            }
            if (directory is not null)
                yield return (tree, directory);
        }
    }
}
