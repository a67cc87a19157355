using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// The trees of recipes that are built from the workspace's own repository: what HEAD has of their folder, which is
/// their pin; or, with uncommitted changes, what the work tree has of it, which is none. All others are as they are.
/// </summary>
/// <param name="pinned">Knows the trees of all other recipes.</param>
/// <param name="workspace">Lies in the repository.</param>
/// <param name="store">Takes the trees, unless it is only asked.</param>
internal sealed class OwnCodeTrees(ISourceTrees pinned, Workspace workspace, ContentStore store) : ISourceTrees
{
    private readonly ConcurrentDictionary<string, Lazy<OwnCode>> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Superproject?>> repositories = new(StringComparer.Ordinal);

    /// <summary>For questions: what the lock pins, and what the repository has now.</summary>
    public static OwnCodeTrees Of(Workspace workspace, LockFile locks, ContentStore store) =>
        Of(workspace, new PinnedTrees(locks), store);

    /// <summary>For those who build too: pins, what was made outside since, and what the repository has now.</summary>
    public static OwnCodeTrees Of(Workspace workspace, ISourceTrees pinned, ContentStore store) =>
        new(new ArtifactTrees(pinned, store), workspace, store);

    /// <inheritdoc/>
    public bool IsPinned(Recipe recipe) =>
        recipe.CodeFolder is null ? pinned.IsPinned(recipe) : Find(recipe).State.IsClean;

    /// <inheritdoc/>
    public Digest PinnedTree(Recipe recipe) =>
        recipe.CodeFolder is null ? pinned.PinnedTree(recipe) : Find(recipe).Tree;

    /// <inheritdoc/>
    public Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken)
    {
        if (recipe.CodeFolder is null)
            return pinned.EnsureAsync(recipe, cancellationToken);
        var expected = Find(recipe);
        return Task.Run(
            () =>
            {
                if (Import(FilesOf(recipe), recipe.WrittenSource!, expected.State, cancellationToken) != expected.Tree)
                    throw new EngineException($"'{recipe.CodeFolder}' was changed while '{recipe.Name}' was built");
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public long ArchiveBytes(Recipe recipe) => recipe.CodeFolder is null ? pinned.ArchiveBytes(recipe) : 0;

    /// <summary>Of the sources of some recipes, those with uncommitted changes.</summary>
    /// <param name="recipes">As the build order has them.</param>
    public ImmutableArray<UncommittedCode> ChangedAmong(IEnumerable<string> recipes) =>
        [
            .. recipes
                .SelectMany(x => SourceLayout.Of(workspace.Require(x), workspace).Trees)
                .Select(x => x.Recipe)
                .DistinctBy(x => x.Name, StringComparer.Ordinal)
                .Where(x => x.CodeFolder is not null && !IsPinned(x))
                .Select(x => new UncommittedCode(
                    x.Name,
                    Path.GetFullPath(x.CodeFolder!, HomeOf(x)),
                    Find(x).Tree,
                    [.. Find(x).State.Changed.Order(StringComparer.Ordinal)]
                )),
        ];

    private OwnCode Find(Recipe recipe) => known.GetOrAdd(recipe.Name, _ => new(() => Look(recipe))).Value;

    private OwnCode Look(Recipe recipe)
    {
        var files = FilesOf(recipe);
        var state = files.Look();
        return new(
            state,
            Remembered(recipe.WrittenSource!, state) ?? Import(files, recipe.WrittenSource!, state, default)
        );
    }

    private Digest? Remembered(SourceSpec source, RepositoryState state) =>
        state is { IsClean: true, Tree: { } tree }
            ? store.FindRecord(CommittedTrees.Records, CommittedTrees.KeyOf(tree, source))?.Digest
            : null;

    private Digest Import(
        RepositoryFiles files,
        SourceSpec source,
        RepositoryState state,
        CancellationToken cancellationToken
    )
    {
        if (!store.IsWritable)
        {
            // A question leaves nothing in the store, and has to know the tree all the same.
            var folder = Directory.CreateTempSubdirectory("recipes-");
            try
            {
                return files.Import(state, folder.FullName, cancellationToken).Tree.Digest;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
        using var scratch = store.CreateScratch("own-code");
        var place = Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        var imported = files.Import(state, place, cancellationToken);
        store.AddTree(place, imported.Tree, cancellationToken);
        if (state is { IsClean: true, Tree: { } tree })
            store.WriteRecord(CommittedTrees.Records, CommittedTrees.KeyOf(tree, source), new(imported.Tree.Digest));
        return imported.Tree.Digest;
    }

    private RepositoryFiles FilesOf(Recipe recipe)
    {
        var home = HomeOf(recipe);
        var repository = repositories.GetOrAdd(home, x => new(() => Superproject.Find(x))).Value;
        return repository is null
            ? throw new EngineException(
                $"'{recipe.Name}' is built from what the workspace's own git repository has in '{recipe.CodeFolder}', "
                    + $"and '{home}' is in none: make one there (git init), and commit"
            )
            : new(repository, recipe.Name, recipe.WrittenSource!);
    }

    private string HomeOf(Recipe recipe) => recipe.Collection?.Root ?? workspace.Root;

    private sealed record OwnCode(RepositoryState State, Digest Tree);
}

/// <summary>A source from the workspace's own repository that differs from HEAD.</summary>
/// <param name="Recipe">Who is built from it.</param>
/// <param name="Directory">Its folder, absolute.</param>
/// <param name="Tree">As it is now.</param>
/// <param name="Paths">What differs, from the work tree's root.</param>
internal sealed record UncommittedCode(string Recipe, string Directory, Digest Tree, ImmutableArray<string> Paths);
