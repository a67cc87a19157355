using System.Collections.Immutable;

namespace Recipes.Engine.Building;

/// <summary>Finds which outputs give the files of a build root the libraries that they ask for.</summary>
internal static class RuntimeProviders
{
    /// <summary>
    /// The outputs (<c>package:output</c>) to add to a root, so that the libraries of its files are in it. What the root
    /// holds already is never looked for elsewhere: our own C library must not bring in the one that the seed was linked
    /// with. What nothing provides is left to the checks after the build, which name it.
    /// </summary>
    /// <param name="root">The outputs in the root so far, each with its package's result.</param>
    /// <param name="results">The results of all packages built so far.</param>
    public static ImmutableSortedSet<string> Missing(
        IReadOnlyCollection<(BuiltOutput Output, PackageResult Package)> root,
        IReadOnlyDictionary<string, PackageResult> results
    )
    {
        var present = root.SelectMany(x => Sonames(x.Output)).ToHashSet(StringComparer.Ordinal);
        var found = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (output, package) in root)
        {
            var wanted = output.Scan.Files.SelectMany(x => x.Needed).Where(x => !present.Contains(x)).ToHashSet(StringComparer.Ordinal);
            if (wanted.Count > 0)
                found.UnionWith(package.Candidates.Where(x => Find(x, results) is { } candidate && Sonames(candidate).Any(wanted.Contains)));
        }
        return found.ToImmutable();
    }

    private static BuiltOutput? Find(string name, IReadOnlyDictionary<string, PackageResult> results)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return results.GetValueOrDefault(name[..colon])?.Outputs.GetValueOrDefault(name[(colon + 1)..]);
    }

    private static IEnumerable<string> Sonames(BuiltOutput output) => output.Scan.Files.Select(x => x.Soname).OfType<string>();
}
