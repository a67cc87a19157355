using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>What a package installed, split into its outputs.</summary>
internal static class SplitStage
{
    /// <summary>The outputs that a stage gives, without their files: only the listings are kept.</summary>
    public static ImmutableSortedDictionary<string, BuiltOutput> Foresee(
        PackageRecipe recipe,
        Digest stage,
        ContentStore store
    )
    {
        var tree = store.ReadTree(stage);
        return Split(recipe, tree, StageNotes.HardLinks(tree, store), paths =>
        {
            var subset = TreeBuilder.Subset(tree, paths.Contains);
            store.AddListing(subset);
            return (subset, OutputScanner.Scan(subset, store.TreePath(stage)));
        });
    }

    /// <summary>The outputs of a stage, now in the store with their files.</summary>
    public static ImmutableSortedDictionary<string, BuiltOutput> Store(
        PackageRecipe recipe,
        Tree stage,
        ContentStore store,
        CancellationToken cancellationToken
    ) => Split(recipe, stage, StageNotes.HardLinks(stage, store), paths =>
        {
            var subset = store.AddSubset(stage, paths, cancellationToken);
            return (subset, OutputScanner.Scan(subset, store.TreePath(subset.Digest), cancellationToken));
        });

    private static ImmutableSortedDictionary<string, BuiltOutput> Split(
        PackageRecipe recipe,
        Tree stage,
        ImmutableArray<ImmutableArray<string>> hardLinks,
        Func<ImmutableSortedSet<string>, (Tree Tree, OutputScan Scan)> make
    ) =>
        OutputSplitter
            .Split(recipe.Outputs, stage)
            .ToImmutableSortedDictionary(
                x => x.Key,
                x =>
                {
                    var (tree, scan) = make(x.Value);
                    return new BuiltOutput(x.Key, tree.Digest, tree.FileBytes, scan, RequiresOf(recipe, x.Key))
                    {
                        HardLinks =
                        [
                            .. hardLinks
                                .Select(names => names.Where(x.Value.Contains).ToImmutableArray())
                                .Where(names => names.Length > 1),
                        ],
                        Yields = recipe.Outputs.Any(o => o.Name == x.Key && o.Yields),
                    };
                },
                StringComparer.Ordinal
            );

    private static ImmutableArray<string> RequiresOf(PackageRecipe recipe, string output)
    {
        var spec = recipe.Outputs.FirstOrDefault(x => x.Name == output);
        var requires = spec?.Requires.Select(x => x.ToString()) ?? [];
        return output == "dev" && recipe.Outputs.Any(x => x.Name == OutputName.Main)
            ? [.. requires, $"{recipe.Name}:main"]
            : [.. requires];
    }
}
