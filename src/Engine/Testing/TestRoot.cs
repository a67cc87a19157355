using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Testing;

/// <summary>
/// What the test of a package sees: the run-time closure of its outputs, of BusyBox, and of what the test needs. A
/// compiler of the toolchain comes with what it needs itself, as in a build.
/// </summary>
/// <param name="Trees">Owner and tree; those that yield come last.</param>
/// <param name="Unbuilt">Packages that have to be built before the root is known.</param>
/// <param name="Problem">Why it cannot be made, or null.</param>
internal sealed record TestRoot(
    ImmutableArray<(string Owner, Digest Tree)> Trees,
    ImmutableSortedSet<string> Unbuilt,
    MessageText? Problem
)
{
    /// <summary>Those of the trees in whose place others' files are taken.</summary>
    public ImmutableHashSet<Digest> Yielding { get; init; } = [];

    /// <summary>The package whose shell and tools every test has.</summary>
    public const string Shell = "busybox";

    // Programs call /bin/sh, and the folder bin is a link of this package.
    private const string Skeleton = "filesystem";

    /// <summary>The packages that have to be built for a test, as far as the recipes tell.</summary>
    public static IEnumerable<string> Targets(TestedRecipe recipe, Workspace workspace) =>
        Beside(workspace).Concat(recipe.Test.Needs).Select(x => x.Package).Append(recipe.Name);

    /// <summary>The root of a package's test.</summary>
    public static TestRoot Of(
        TestedRecipe recipe,
        Workspace workspace,
        IReadOnlyDictionary<string, BuiltPackage> results,
        ContentStore store
    )
    {
        if (Missing(recipe.Test.Needs, results) is { IsEmpty: false } missing)
            return new([], missing, null);
        var tools = recipe.Test.Needs.ToLookup(x => workspace.Recipes[x.Package].Area == RecipeArea.Toolchain);
        var own = results.TryGetValue(recipe.Name, out var result)
            ? result.Outputs.Keys.Except(OutputName.NotForRuntime)
            : [OutputName.Main];
        // The toolchain is never in a closure; a test of it sees what its build left, and nothing is looked for.
        var isTool = recipe.Recipe.Area == RecipeArea.Toolchain;
        var roots = own.Select(x => new OutputReference(recipe.Name, x, null));
        var closure = RuntimeClosure.Of(
            [.. isTool ? [] : roots, .. Beside(workspace), .. tools[false]],
            recipe.Recipe.NameSpan,
            results.GetValueOrDefault,
            store
        );
        if (!closure.Unbuilt.IsEmpty)
            return new([], [.. closure.UnbuiltPackages], null);
        if (!closure.Faults.IsEmpty)
            return new([], [], MessageText.Lines(closure.Faults.Select(x => x.Text)));
        if (!isTool && !tools.Contains(true))
            return new([.. closure.Ordered.Select(x => (x.Name, x.Output.Tree))], [], null)
            {
                Yielding = closure.Yielding,
            };
        var all = closure.Outputs.Select(x => OutputReference.Parse(x.Name));
        var root = BuildRoot.Of(
            $"{recipe.Name}'s test",
            [.. all, .. tools[true], .. isTool ? roots : []],
            results,
            new(store),
            store
        );
        return new([.. root.Outputs.Zip(root.Trees)], [], null) { Yielding = root.Yielding };
    }

    /// <summary>
    /// The root of an image's test: the image, with BusyBox only if it has no shell, and what the test needs.
    /// </summary>
    public static TestRoot OfImage(
        TestedRecipe image,
        Digest root,
        Workspace workspace,
        IReadOnlyDictionary<string, BuiltPackage> results,
        ContentStore store
    )
    {
        var view = new UnionView<string>([(image.Name, store.ReadTree(root))]);
        OutputReference[] beside = [.. view.Locate("bin/sh") is null ? Beside(workspace) : [], .. image.Test.Needs];
        if (beside.Length == 0)
            return new([(image.Name, root)], [], null);
        if (Missing(beside, results) is { IsEmpty: false } missing)
            return new([], missing, null);
        var needs = BuildRoot.Of($"{image.Name}'s test", beside, results, new(store), store);
        return new([(image.Name, root), .. needs.Outputs.Zip(needs.Trees)], [], null) { Yielding = needs.Yielding };
    }

    private static ImmutableSortedSet<string> Missing(
        IEnumerable<OutputReference> needs,
        IReadOnlyDictionary<string, BuiltPackage> results
    ) => [.. needs.Select(x => x.Package).Where(x => !results.ContainsKey(x))];

    private static IEnumerable<OutputReference> Beside(Workspace workspace) =>
        new[] { Shell, Skeleton }
            .Where(x => workspace.Recipes.GetValueOrDefault(x) is PackageRecipe)
            .Select(x => new OutputReference(x, OutputName.Main, null));
}
