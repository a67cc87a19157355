using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Sources;

/// <summary>Holds gitlinks and <c>.gitmodules</c> against the lock, and writes them as it says.</summary>
internal static class PinnedSubmodules
{
    /// <summary>
    /// Makes the index say what the lock says, in one write; recipes without a pin keep what they have.
    /// </summary>
    /// <param name="project">The repository of the workspace.</param>
    /// <param name="recipes">All recipes of the workspace: what belongs to none of them is removed.</param>
    /// <param name="locks">Its lock.</param>
    /// <returns>True if anything differed.</returns>
    /// <exception cref="EngineException">The index cannot be written; then nothing was.</exception>
    public static bool Write(Superproject project, IEnumerable<Recipe> recipes, LockFile locks)
    {
        var all = Sources(recipes);
        return project.Update(Of(all, locks), Stale(project, all));
    }

    /// <summary>
    /// Every recipe whose gitlink or entry in <c>.gitmodules</c> is not as the lock says, and each that belongs to
    /// none.
    /// </summary>
    /// <exception cref="EngineException">The index cannot be read.</exception>
    public static ImmutableArray<Diagnostic> Faults(Superproject project, IEnumerable<Recipe> recipes, LockFile locks)
    {
        var all = Sources(recipes);
        var (gitlinks, modules) = (project.Gitlinks(), project.Modules());
        var spans = all.ToDictionary(x => x.Path, x => x.Spec.Span, StringComparer.Ordinal);
        return
        [
            .. Of(all, locks)
                .Select(x =>
                    (x.Path, Fault: Fault(x, gitlinks.GetValueOrDefault(x.Path), modules.GetValueOrDefault(x.Path)))
                )
                .Where(x => x.Fault is not null)
                .Select(x => new Diagnostic($"{x.Fault}; {new Remedy(RemedyKind.Lock)}", spans[x.Path])),
            .. Stale(project, all)
                .Select(x => new Diagnostic(
                    $"the submodule '{x}' belongs to no recipe; {new Remedy(RemedyKind.Lock)}",
                    null
                )),
        ];
    }

    /// <summary>One clause on what is wrong with a submodule, or null.</summary>
    internal static string? Fault(Submodule module, string? gitlink, GitmodulesEntry? entry) =>
        gitlink is null ? $"the index has no gitlink at '{module.Path}'"
        : gitlink != module.Commit
            ? $"the gitlink at '{module.Path}' names the commit {gitlink}, recipes.lock pins {module.Commit}"
        : entry is null ? $".gitmodules does not describe '{module.Path}'"
        : entry != GitmodulesEntry.Of(module) ? $".gitmodules describes '{module.Path}' otherwise than it is pinned"
        : null;

    private static List<OwnSource> Sources(IEnumerable<Recipe> recipes) =>
        [.. recipes.Select(x => x.OwnSource).OfType<OwnSource>()];

    private static ImmutableArray<Submodule> Of(IEnumerable<OwnSource> sources, LockFile locks) =>
        [
            .. sources
                .Where(x => locks.Sources.ContainsKey(x.Name))
                .OrderBy(x => x.Path, StringComparer.Ordinal)
                .Select(x => Submodule.Of(x, locks.Sources[x.Name])),
        ];

    private static ImmutableArray<string> Stale(Superproject project, List<OwnSource> sources)
    {
        var used = sources.Select(x => x.Path).ToHashSet(StringComparer.Ordinal);
        var paths = project.Gitlinks().Keys.Union(project.Modules().Keys, StringComparer.Ordinal);
        return [.. paths.Where(x => IsOurs(x) && !used.Contains(x)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A workspace may have other submodules too, which are not ours to judge.</summary>
    private static bool IsOurs(string path) => path.Split('/') is ["pkgs" or "toolchain" or "stage0", _, "source"];
}
