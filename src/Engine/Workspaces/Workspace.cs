using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Collections;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces;

/// <summary>
/// A checkout with <c>recipes.toml</c>, <c>recipes.lock</c>, <c>stage0/</c>, <c>toolchain/</c> and <c>pkgs/</c>, all
/// recipes read; with those of the collections that it uses.
/// </summary>
/// <param name="Root">Absolute path of the checkout.</param>
/// <param name="Recipes">By name: its own, and those of collections.</param>
/// <param name="Diagnostics">
/// Every fault of every recipe, sorted by file and line; a workspace with faults is not built from.
/// </param>
internal sealed partial record Workspace(
    string Root,
    ImmutableSortedDictionary<string, Recipe> Recipes,
    ImmutableArray<Diagnostic> Diagnostics
)
{
    /// <summary>Each that it uses, also by way of another, once; near ones first.</summary>
    public ImmutableArray<Collection> Collections { get; init; } = [];

    /// <summary>Its build systems, by name: its own, and those of collections.</summary>
    public ImmutableSortedDictionary<string, BuildSystem> Systems { get; init; } =
        ImmutableSortedDictionary.Create<string, BuildSystem>(StringComparer.Ordinal);

    /// <summary>Recipes that count in place of one of a collection.</summary>
    public ImmutableArray<Replacement> Replacements { get; init; } = [];

    /// <summary>The recipes that are not from a collection: those that its lock pins.</summary>
    public IEnumerable<Recipe> OwnRecipes => Recipes.Values.Where(x => x.Collection is null);

    /// <summary>The path of the lock file of its own recipes.</summary>
    public string LockPath => LockPathAt(Root);

    /// <summary>The path of the lock file of a workspace or collection.</summary>
    /// <param name="root">Its folder.</param>
    public static string LockPathAt(string root) => Path.Combine(root, WorkspaceFile.LockName);

    /// <summary>
    /// The nearest workspace, from the given folder upwards; in a collection of a workspace, that workspace.
    /// </summary>
    /// <exception cref="EngineException">There is none.</exception>
    public static string Find(string startDirectory)
    {
        string? found = null;
        for (var folder = Path.GetFullPath(startDirectory); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (found is null ? WorkspaceFile.IsWorkspace(folder) : Uses(folder, found))
                found = folder;
        }
        return found
            ?? throw new EngineException(
                $"neither '{startDirectory}' nor a folder above it holds recipes.toml, recipes.lock or pkgs/; go to a "
                    + $"checkout of the recipes"
            );
    }

    private static bool Uses(string outer, string inner)
    {
        try
        {
            return WorkspaceFile.Find(outer)?.Collections.Any(x => Path.Join(outer, x.Path) == inner) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads and checks every recipe. Faults of recipes are in <see cref="Diagnostics"/>.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="cancellationToken">Stops it between two recipes.</param>
    /// <exception cref="EngineException">A folder or file cannot be read.</exception>
    public static Workspace Load(string root, CancellationToken cancellationToken = default) =>
        Load(root, [], null, cancellationToken);

    /// <summary>Reads a workspace as it would be if some recipes were other ones.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="edited">Recipes of its own.</param>
    /// <param name="moved">Folders of collections that are looked at elsewhere, by name; null for none.</param>
    /// <param name="cancellationToken">Stops it between two recipes.</param>
    internal static Workspace Load(
        string root,
        IEnumerable<RecipeText> edited,
        IReadOnlyDictionary<string, string>? moved = null,
        CancellationToken cancellationToken = default
    ) =>
        WorkspaceLoader.Load(
            Path.GetFullPath(root),
            edited.ToDictionary(x => x.File, x => x.Bytes, StringComparer.Ordinal),
            moved ?? ImmutableDictionary<string, string>.Empty,
            cancellationToken
        );
}
