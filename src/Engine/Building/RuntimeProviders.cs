using Recipes.Engine.Inspection;

namespace Recipes.Engine.Building;

/// <summary>Finds which outputs give an output the libraries and interpreters that its files ask for.</summary>
internal static class RuntimeProviders
{
    /// <summary>
    /// The outputs (<c>package:output</c>) among the candidates of a package that provide what one of its outputs needs and
    /// does not hold itself. What nothing provides is left to the checks after the build, which name it.
    /// </summary>
    public static IEnumerable<string> Of(
        BuiltOutput output,
        PackageResult package,
        IReadOnlyDictionary<string, PackageResult> results
    )
    {
        var wanted = Wanted(output);
        if (wanted.Count == 0)
            yield break;
        foreach (var candidate in package.Candidates)
        {
            var colon = candidate.IndexOf(':', StringComparison.Ordinal);
            if (
                results.TryGetValue(candidate[..colon], out var owner)
                && owner.Outputs.TryGetValue(candidate[(colon + 1)..], out var provider)
                && provider.Scan.Files.Any(x => Provides(x, wanted))
            )
            {
                yield return candidate;
            }
        }
    }

    private static HashSet<string> Wanted(BuiltOutput output)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in output.Scan.Files)
            wanted.UnionWith(file.Needed);
        foreach (var file in output.Scan.Files.Where(x => x.Soname is not null))
            wanted.Remove(file.Soname!);
        return wanted;
    }

    private static bool Provides(FileScan file, HashSet<string> wanted) =>
        file.Soname is { } soname && wanted.Contains(soname);
}
