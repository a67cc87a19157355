using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>The build systems of a workspace and of its collections, by name.</summary>
internal sealed class BuildSystems
{
    private readonly SortedDictionary<string, SystemReadResult> found = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> faults = [];

    /// <param name="collections">All that are used.</param>
    /// <param name="results">All systems; several may have one name.</param>
    public BuildSystems(ImmutableArray<Collection> collections, IReadOnlyList<SystemReadResult> results)
    {
        var replaced = new HashSet<SystemReadResult>(ReferenceEqualityComparer.Instance);
        foreach (var result in results)
        {
            if (result.System.Replaces is not { } wanted)
                continue;
            var target = results.FirstOrDefault(x =>
                x.System.Name == result.System.Name && x.System.Collection?.Name == wanted.Name && x != result
            );
            if (target is not null)
                replaced.Add(target);
            else
                faults.Add(new(Missing(collections, result.System, wanted), wanted.Span));
        }
        foreach (var result in results.Where(x => !replaced.Contains(x)))
        {
            faults.AddRange(result.Diagnostics);
            if (!found.TryAdd(result.System.Name, result))
                faults.Add(
                    new(
                        $"there is already a build system '{result.System.Name}': {found[result.System.Name].System.File}",
                        result.System.Span
                    )
                );
        }
    }

    /// <summary>What is wrong with them.</summary>
    public IReadOnlyList<Diagnostic> Faults => faults;

    /// <summary>All, by name.</summary>
    public ImmutableSortedDictionary<string, BuildSystem> All =>
        found.ToImmutableSortedDictionary(x => x.Key, x => x.Value.System, StringComparer.Ordinal);

    /// <summary>The system of a name; null if there is none, or only a faulty one.</summary>
    public BuildSystem? Find(string name) =>
        found.TryGetValue(name, out var result) && result.Diagnostics.Count == 0 ? result.System : null;

    /// <summary>Why a recipe cannot name it; null where it is only faulty itself.</summary>
    public string? WhyNot(string name)
    {
        if (found.ContainsKey(name))
            return null;
        var known = found.Keys.Append(BuildSystem.None).ToList();
        return $"there is no build system '{name}'; "
            + (
                Suggestion.For(name, known)
                ?? (
                    found.Count == 0
                        ? $"one is a file of the workspace or of a collection: {SystemReader.Folder}/{name}.toml"
                        : $"there are {string.Join(", ", known)}"
                )
            );
    }

    private static string Missing(ImmutableArray<Collection> collections, BuildSystem system, RecipeReference wanted) =>
        collections.Any(x => x.Name == wanted.Name)
            ? $"the collection '{wanted.Name}' has no build system '{system.Name}' to replace"
            : Suggestion.Append(
                $"there is no collection '{wanted.Name}'",
                wanted.Name,
                collections.Select(x => x.Name)
            );
}
