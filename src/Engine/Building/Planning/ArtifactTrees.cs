using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Artifacts;
using Recipes.Engine.Sources.Trees;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// The trees of recipes whose source was made outside: what the folder has now. Where that is not what the lock pins,
/// it is not pinned; where there is no folder, the pin counts. All others are as they are.
/// </summary>
/// <param name="pinned">Knows the pins, and the trees of all other recipes.</param>
/// <param name="store">Takes the trees that are not pinned.</param>
internal sealed class ArtifactTrees(ISourceTrees pinned, ContentStore store) : ISourceTrees
{
    // The whole folder is read for the answer.
    private readonly ConcurrentDictionary<string, Lazy<Artifact>> known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool IsPinned(Recipe recipe) =>
        recipe.Artifact is { } source ? Find(source).IsPinned : pinned.IsPinned(recipe);

    /// <inheritdoc/>
    public Digest PinnedTree(Recipe recipe) =>
        recipe.Artifact is { } source ? Find(source).Tree : pinned.PinnedTree(recipe);

    /// <inheritdoc/>
    public Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken) =>
        recipe.Artifact is { } source && !Find(source).IsPinned
            ? Task.Run(() => Import(source, cancellationToken), cancellationToken)
            : pinned.EnsureAsync(recipe, cancellationToken);

    /// <inheritdoc/>
    public long ArchiveBytes(Recipe recipe) => pinned.ArchiveBytes(recipe);

    /// <summary>Of the sources of some recipes, those that were made anew since they were pinned.</summary>
    /// <param name="recipes">As the build order has them.</param>
    /// <param name="workspace">Has the recipes.</param>
    public ImmutableArray<UnpinnedSource> ChangedAmong(IEnumerable<string> recipes, Workspace workspace) =>
        [
            .. recipes
                .SelectMany(x => SourceLayout.Of(workspace.Require(x), workspace).Trees)
                .Select(x => x.Recipe.Artifact)
                .OfType<ArtifactSource>()
                .DistinctBy(x => x.Name, StringComparer.Ordinal)
                .Where(x => !Find(x).IsPinned)
                .Select(x => new UnpinnedSource(x.Name, x.Directory, Find(x).Tree)),
        ];

    private Artifact Find(ArtifactSource source) =>
        known
            .GetOrAdd(source.Name, _ => new(() =>
                {
                    var pin = pinned.PinnedTree(source.Recipe);
                    var found = ArtifactFolder.Find(source, CancellationToken.None) ?? pin;
                    return new(found, IsPinned: found == pin);
                }))
            .Value;

    private void Import(ArtifactSource source, CancellationToken cancellationToken)
    {
        using var scratch = store.CreateScratch($"source-{source.Name}");
        var folder = Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        var imported = ArtifactFolder.Import(source, folder, cancellationToken);
        if (imported.Tree.Digest != Find(source).Tree)
            throw new EngineException($"'{source.Folder}' was changed while '{source.Name}' was built");
        store.AddTree(folder, imported.Tree, cancellationToken);
    }

    private sealed record Artifact(Digest Tree, bool IsPinned);
}
