using System.Collections.Immutable;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Finds all packages that some packages need to be installed.</summary>
internal sealed class PackageResolver(ImmutableDictionary<string, DebianPackage> index, IReadOnlySet<string> excluded)
{
    /// <summary>Virtual name → real names, sorted.</summary>
    private readonly ILookup<string, string> providers = index
        .Values.OrderBy(x => x.Name, StringComparer.Ordinal)
        .SelectMany(x => x.Provides.Select(y => (Virtual: y, x.Name)))
        .ToLookup(x => x.Virtual, x => x.Name, StringComparer.Ordinal);

    /// <summary>
    /// The packages and, transitively, what they need. Of alternatives, one that is wanted or taken anyway suffices;
    /// else the first that the suite has, or a provider of it, in order of names. What is excluded is never taken.
    /// </summary>
    /// <returns>Sorted by name.</returns>
    /// <exception cref="EngineException">The suite lacks a package or all alternatives of a need.</exception>
    public ImmutableArray<DebianPackage> Resolve(IEnumerable<string> wanted)
    {
        var taken = new SortedDictionary<string, DebianPackage>(StringComparer.Ordinal);
        var open = new Queue<DebianPackage>();
        foreach (var name in wanted.Order(StringComparer.Ordinal))
            Take(index.GetValueOrDefault(name) ?? throw new EngineException($"The suite has no package '{name}'."));
        while (open.TryDequeue(out var package))
        {
            foreach (var alternatives in package.Needs.Where(x => !x.Any(IsTaken)))
            {
                var found = alternatives.SelectMany(Candidates).FirstOrDefault(x => !excluded.Contains(x));
                if (found is not null)
                    Take(index[found]);
                else if (!alternatives.Any(x => excluded.Contains(x) || Candidates(x).Any()))
                    throw new EngineException(
                        $"The package '{package.Name}' needs {string.Join(" or ", alternatives)}, which the suite "
                            + $"has not; name it in 'exclude' if it can be done without."
                    );
            }
        }
        return [.. taken.Values];

        void Take(DebianPackage package)
        {
            if (taken.TryAdd(package.Name, package))
                open.Enqueue(package);
        }

        bool IsTaken(string name) => taken.ContainsKey(name) || providers[name].Any(taken.ContainsKey);
    }

    private IEnumerable<string> Candidates(string name) => index.ContainsKey(name) ? [name] : providers[name];
}
