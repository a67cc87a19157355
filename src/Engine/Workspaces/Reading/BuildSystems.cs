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
                faults.Add(
                    new(
                        ReplacementReader.Missing(collections, $"build system '{result.System.Name}'", wanted),
                        wanted.Span
                    )
                );
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
    public string? WhyNot(string name) => found.ContainsKey(name) ? null : Unknown(name, found.Keys);

    /// <summary>The message for a name that no build system has.</summary>
    /// <param name="name">As written.</param>
    /// <param name="there">The names that there are.</param>
    public static string Unknown(string name, IEnumerable<string> there)
    {
        List<string> known = [.. there, BuildSystem.None];
        return $"there is no build system '{name}'; "
            + (
                Suggestion.For(name, known)
                ?? (
                    known.Count == 1
                        ? "one is a file of the workspace or of a collection: "
                            + $"{SystemReader.Folder}/{name}{SystemReader.Ending}"
                        : $"there are {string.Join(", ", known)}"
                )
            );
    }
}
