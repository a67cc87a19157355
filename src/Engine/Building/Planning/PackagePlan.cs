using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;

namespace Recipes.Engine.Building.Planning;

/// <summary>A package whose needs are all built: its root, its action, and the key of its result.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Root">The build root.</param>
/// <param name="RecipeTree">The tree at <c>/recipe</c>.</param>
/// <param name="Mounts">The source and the recipe's files.</param>
/// <param name="Action">The build as data.</param>
/// <param name="ResultKey">The action and how its stage is split and checked.</param>
internal sealed record PackagePlan(
    PackageRecipe Recipe,
    BuildRoot Root,
    RecipeTree RecipeTree,
    ImmutableArray<SandboxMount> Mounts,
    BuildAction Action,
    Digest ResultKey
)
{
    /// <summary>Counts up when outputs are split, scanned or checked by other rules.</summary>
    internal const string ResultFormat = "6";

    /// <summary>
    /// The key of what a resumed build of the action leaves, and of its log: not the action's own, for the result
    /// depends on more than the action names.
    /// </summary>
    public Digest ResumedAction => new KeyBuilder("resumed").Add(ResultKey.ToString()).Digest;

    /// <summary>Where the patched sources are laid, and their trees; none where the recipe has no source.</summary>
    public IEnumerable<SandboxMount> Sources =>
        Mounts.Where(x => x.Tree != RecipeTree.Tree.Digest && x.Tree != Tree.Empty.Digest);

    /// <summary>What a sandbox has to run; the machine that runs it adds jobs.</summary>
    public SandboxRequest Request =>
        new()
        {
            Label = Recipe.Name,
            Root = [.. Root.Trees.Distinct()],
            Yielding = Root.Yielding,
            Mounts = Mounts,
            Arguments = Action.Arguments,
            Environment = Action.Environment,
            OutputDirectories = ["/" + BuildAction.Stage],
            MemoryBytes = Recipe.Build.Limits.MemoryBytes,
            Timeout = TimeLimit.Of(Recipe.Build.Limits).Time,
            Processes = Recipe.Build.Limits.Processes,
            AllowsNamespaces = Recipe.Build.NamespacesReason is not null,
        };

    /// <summary>Brings into the store what is laid into the sandbox and is neither a source nor an output.</summary>
    public void AddTrees(ContentStore store)
    {
        RecipeTree.AddTo(store);
        if (Mounts.Any(x => x.Tree == Tree.Empty.Digest) && !store.HasTree(Tree.Empty.Digest))
        {
            using var scratch = store.CreateScratch("empty");
            store.AddTree(Directory.CreateDirectory(Path.Join(scratch.Path, "empty")).FullName);
        }
    }

    /// <summary>Assembles the plan; the listings of all source trees have to be in the store.</summary>
    public static PackagePlan Of(
        PackageRecipe recipe,
        BuildRoot root,
        ImmutableArray<(string Path, Digest Tree)> sources,
        ContentStore store
    )
    {
        if (sources.IsEmpty)
        {
            store.AddListing(Tree.Empty);
            sources = [("build", Tree.Empty.Digest)];
        }
        var script = BuildScript.Of(recipe);
        var recipeTree = RecipeTree.Of(recipe, script);
        if (!store.HasListing(recipeTree.Tree.Digest))
            store.AddListing(recipeTree.Tree);
        var inputRoot = store.Place(root.Merged, [.. sources, ("recipe", recipeTree.Tree.Digest)]);
        var action = BuildAction.Of(recipe.Build, script, inputRoot);
        return new(
            recipe,
            root,
            recipeTree,
            [
                .. sources.Select(x => new SandboxMount("/" + x.Path, x.Tree, IsWritable: true)),
                new SandboxMount("/recipe", recipeTree.Tree.Digest, IsWritable: false),
            ],
            action,
            KeyOf(recipe, action.Digest)
        );
    }

    private static Digest KeyOf(PackageRecipe recipe, Digest action)
    {
        var key = new KeyBuilder(ResultFormat).Add(action.ToString());
        foreach (var output in recipe.Outputs)
        {
            key.AddRow('\t', [$"output {output.Name} {output.Span is null}", .. output.Files]);
            key.AddRow('\t', ["requires", .. output.Requires.Select(x => x.ToString())]);
            // Most outputs do not, and keep the key that they had.
            if (output.Yields)
                key.AddRow('\t', "yields");
        }
        // What is checked of it is another: what passed as prebuilt is checked anew once it is built from source.
        if (recipe.IsPrebuilt)
            key.AddRow('\t', "prebuilt");
        foreach (var waiver in recipe.Waivers)
            key.AddRow('\t', "waive", waiver.Check, waiver.Path);
        foreach (var permission in recipe.Permissions)
            key.AddRow('\t', "permit", permission.Path, $"{permission.Mode}");
        return key.Digest;
    }
}
