using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces;

/// <summary>
/// A checkout with <c>recipes.lock</c>, <c>stage0/</c>, <c>toolchain/</c> and <c>pkgs/</c>, all recipes read.
/// </summary>
/// <param name="Root">Absolute path of the checkout.</param>
/// <param name="Recipes">By name.</param>
/// <param name="Diagnostics">
/// Every fault of every recipe, sorted by file and line; a workspace with faults is not built from.
/// </param>
internal sealed partial record Workspace(
    string Root,
    ImmutableSortedDictionary<string, Recipe> Recipes,
    ImmutableArray<Diagnostic> Diagnostics
)
{
    private const string LockFileName = "recipes.lock";

    /// <summary>The path of the lock file.</summary>
    public string LockPath => Path.Combine(Root, LockFileName);

    /// <summary>
    /// The nearest folder, from the given one upwards, that holds <c>recipes.lock</c> or <c>pkgs/</c>. A git repository
    /// is not needed.
    /// </summary>
    /// <exception cref="EngineException">There is none.</exception>
    public static string Find(string startDirectory)
    {
        for (var folder = Path.GetFullPath(startDirectory); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (
                File.Exists(Path.Combine(folder, LockFileName))
                || Directory.Exists(Path.Combine(folder, Areas.Directory(RecipeArea.Packages)))
            )
                return folder;
        }
        throw new EngineException(
            $"neither '{startDirectory}' nor a folder above it holds recipes.lock or pkgs/; go to a checkout of the "
                + $"recipes"
        );
    }

    /// <summary>Reads and checks every recipe. Faults of recipes are in <see cref="Diagnostics"/>.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="cancellationToken">Stops it between two recipes.</param>
    /// <exception cref="EngineException">A folder or file cannot be read.</exception>
    public static Workspace Load(string root, CancellationToken cancellationToken = default) =>
        Load(root, [], cancellationToken);

    /// <summary>Reads a workspace as it would be if some recipes were other ones.</summary>
    internal static Workspace Load(
        string root,
        IEnumerable<RecipeText> edited,
        CancellationToken cancellationToken = default
    ) =>
        WorkspaceLoader.Load(
            Path.GetFullPath(root),
            edited.ToDictionary(x => x.File, x => x.Bytes, StringComparer.Ordinal),
            cancellationToken
        );
}
