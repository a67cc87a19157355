using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Patching;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>A tree that a build starts from.</summary>
/// <param name="Path">Where it is laid, relative to the root.</param>
/// <param name="Recipe">The recipe that pins it.</param>
/// <param name="Pinned">As it is pinned.</param>
/// <param name="Patches">Paths in the workspace of the patches that are applied there, in order.</param>
/// <param name="Tree">It with its patches; null where it is not in the store.</param>
/// <param name="Folder">Where that is; null where it is not in the store.</param>
internal sealed record BuildSource(
    string Path,
    string Recipe,
    Digest Pinned,
    ImmutableArray<string> Patches,
    Digest? Tree,
    string? Folder
);

/// <summary>The trees that builds find at <c>/build</c>: pinned ones, patched where the recipe has patches.</summary>
/// <param name="workspace">The recipes.</param>
/// <param name="pinned">The pinned trees.</param>
/// <param name="store">Where trees are.</param>
internal sealed class BuildSources(Workspace workspace, ISourceTrees pinned, ContentStore store)
{
    private readonly PatchedTrees patched = new(store);

    /// <summary>
    /// Where each tree is laid, relative to the root, parents first; null where one is not known yet, since a source
    /// was not patched or a listing is not in the store.
    /// </summary>
    /// <exception cref="EngineException">The lock does not cover a source.</exception>
    public ImmutableArray<(string Path, Digest Tree)>? Find(Recipe recipe)
    {
        var layout = SourceLayout.Of(recipe, workspace);
        return
            patched.Find(PinnedTrees(layout), layout.Patches) is { } trees && trees.All(x => store.HasListing(x.Tree))
            ? trees
            : null;
    }

    /// <summary>What the build of a recipe starts from, for people; writes nothing.</summary>
    /// <exception cref="EngineException">The lock does not cover a source.</exception>
    public ImmutableArray<BuildSource> Describe(Recipe recipe)
    {
        var layout = SourceLayout.Of(recipe, workspace);
        var found = Find(recipe);
        return
        [
            .. layout.Trees.Select(
                (x, i) =>
                {
                    var tree = found is { } trees && store.HasTree(trees[i].Tree) ? trees[i].Tree : (Digest?)null;
                    return new BuildSource(
                        x.Path,
                        x.Recipe.Name,
                        pinned.PinnedTree(x.Recipe),
                        [
                            .. layout
                                .Patches.Where(p => p.Directory == x.Path)
                                .Select(p => $"{Areas.Directory(p.Owner.Area)}/{p.Owner.Name}/{p.File}"),
                        ],
                        tree,
                        tree is { } known ? store.TreePath(known) : null
                    );
                }
            ),
        ];
    }

    /// <summary>Brings the trees of a recipe into the store, patches applied.</summary>
    /// <exception cref="EngineException">A source is not available, or a patch does not apply.</exception>
    public async Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken)
    {
        var result = await TryAsync(recipe, cancellationToken);
        if (!result.Failed.IsEmpty)
            throw new EngineException(
                $"the patch '{result.Failed[0].File}' does not apply to the source of '{recipe.Name}': "
                    + $"{result.Failed[0].Reason}"
            );
    }

    /// <summary>As <see cref="EnsureAsync"/>, telling which patches do not apply.</summary>
    /// <exception cref="EngineException">A source is not available.</exception>
    public async Task<PatchResult> TryAsync(Recipe recipe, CancellationToken cancellationToken)
    {
        var layout = SourceLayout.Of(recipe, workspace);
        var trees = PinnedTrees(layout);
        if (
            patched.Find(trees, layout.Patches) is { } known
            && known.All(x => store.IsSound(x.Tree, cancellationToken))
        )
            return new(known, []);
        // Asking drops what is damaged.
        foreach (var ((_, owner), (_, tree)) in layout.Trees.Zip(trees))
        {
            if (!store.IsSound(tree, cancellationToken))
                await pinned.EnsureAsync(owner, cancellationToken);
        }
        return layout.Patches.IsEmpty
            ? new(trees, [])
            : await patched.ApplyAsync(trees, layout.Patches, cancellationToken);
    }

    private ImmutableArray<(string Path, Digest Tree)> PinnedTrees(SourceLayout layout) =>
        [.. layout.Trees.Select(x => (x.Path, pinned.PinnedTree(x.Recipe)))];
}
