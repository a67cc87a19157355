using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Reading;

namespace Recipes.Engine.Workspaces;

/// <summary>Holds the recipes of a workspace against each other.</summary>
internal sealed class WorkspaceChecker
{
    private readonly Dictionary<string, RecipeReadResult> _results = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> _faults = [];

    // Where a collection is missing, so is all that is named of it: that it is missing is all there is to say.
    private readonly bool _lacksCollections;

    private WorkspaceChecker(bool lacksCollections) => _lacksCollections = lacksCollections;

    public static Workspace Check(
        string root,
        ImmutableArray<Collection> collections,
        IReadOnlyList<SystemReadResult> systems,
        IReadOnlyList<RecipeReadResult> results,
        ImmutableArray<Diagnostic> faults
    )
    {
        var checker = new WorkspaceChecker(lacksCollections: !faults.IsEmpty);
        checker._faults.AddRange(faults);
        var replacements = new ReplacementReader(collections, results);
        if (faults.IsEmpty)
            checker._faults.AddRange(replacements.Faults);
        foreach (var result in replacements.Remaining)
            checker.Add(result);
        var known = new BuildSystems(collections, systems);
        checker._faults.AddRange(known.Faults);
        var builds = new BuildResolver(known, x => checker.Find(x.Name, x.Span), checker._lacksCollections);
        var recipes = ImmutableSortedDictionary.CreateBuilder<string, Recipe>(StringComparer.Ordinal);
        foreach (var result in checker._results.Values)
        {
            if (result.Recipe is not { } recipe)
                continue;
            if (recipe is PackageRecipe package)
                recipe = package with { Build = builds.Resolve(result), PrebuiltFrom = checker.ArtifactOf(package) };
            recipes.Add(
                recipe.Name,
                result.VersionFrom is { } from ? recipe with { Version = checker.VersionOf(from) } : recipe
            );
            checker.CheckReferences(result);
        }
        checker._faults.AddRange(builds.Faults);
        var all = known.All;
        foreach (var need in all.Values.SelectMany(x => x.Needs))
            checker.CheckOutput(need, RecipeArea.Packages);
        checker.CheckDefaultBase();
        return new Workspace(root, recipes.ToImmutable(), checker.Sorted())
        {
            Collections = collections,
            Systems = all,
            Replacements = replacements.Found,
        };
    }

    private ImmutableArray<Diagnostic> Sorted() =>
        [
            .. _faults
                .OrderBy(x => x.Span?.File, StringComparer.Ordinal)
                .ThenBy(x => x.Span?.Line)
                .ThenBy(x => x.Span?.Column),
        ];

    private void Fault(SourceSpan? span, string message) => _faults.Add(new Diagnostic(message, span));

    private void Add(RecipeReadResult result)
    {
        _faults.AddRange(result.Diagnostics);
        if (_results.TryAdd(result.Location.Name, result))
            return;
        _ambiguous.Add(result.Location.Name);
        var first = _results[result.Location.Name];
        Fault(
            result.Recipe?.NameSpan ?? SourceSpan.OfFile(result.Location.File),
            $"there is already a recipe '{result.Location.Name}': {first.Location.File}{Advice(first, result)}"
        );
        CheckReferences(result);
    }

    private static string Advice(RecipeReadResult first, RecipeReadResult second) =>
        second.Location.Collection is { } collection && collection != first.Location.Collection
            ? $"; if that one is to take this one's place, write there: replaces = \"{collection.Name}\""
            : "";

    private string? VersionOf(RecipeReference reference)
    {
        if (Find(reference.Name, reference.Span) is not { } result)
            return null;
        if (result.VersionFrom is not null)
            Fault(reference.Span, $"'{reference.Name}' has no version of its own");
        else if (result.Recipe is { Version: null })
            Fault(reference.Span, $"'{reference.Name}' has no version");
        return result.Recipe?.Version;
    }

    /// <summary>The recipe of that name; a fault and null if there is none, null alone if there are several.</summary>
    private RecipeReadResult? Find(string name, SourceSpan? span)
    {
        if (_ambiguous.Contains(name))
            return null;
        if (_results.TryGetValue(name, out var result))
            return result;
        if (!_lacksCollections)
            Fault(span, Suggestion.Append($"there is no recipe '{name}'", name, _results.Keys));
        return null;
    }

    private void CheckReferences(RecipeReadResult result)
    {
        Recipe[] kinds = result.Recipe is null ? [] : [result.Recipe, .. result.OtherKinds];
        foreach (var recipe in kinds)
            CheckReferences(recipe);
        // What a test needs is never part of an image, so a compiler may come from the toolchain.
        foreach (var reference in kinds.Select(x => x.Tested).FirstOrDefault(x => x is not null)?.Test.Needs ?? [])
            CheckOutput(reference, RecipeArea.Toolchain);
    }

    private void CheckReferences(Recipe recipe)
    {
        if (recipe.WrittenSource is { } source)
            CheckSource(source);
        if (recipe is PackageRecipe package)
        {
            CheckBuild(package);
            foreach (var reference in package.Outputs.SelectMany(x => x.Requires).Where(x => x.Span is not null))
                CheckOutput(reference, recipe.Area);
        }
        else if (recipe is ImageRecipe image)
        {
            foreach (var reference in image.Image.Include)
                CheckOutput(reference, recipe.Area);
            foreach (var reference in image.Image.Prebuilt)
                CheckPrebuilt(reference);
        }
        else if (recipe is StackRecipe { Stack: var stack })
            CheckStack(stack);
    }

    private void CheckStack(StackSpec stack)
    {
        foreach (var reference in new[] { stack.Runtime, stack.Build }.OfType<RecipeReference>())
        {
            // A reference without a place is a missing key, which is told already.
            if (
                reference.Span is not null
                && Find(reference.Name, reference.Span)?.Recipe is { } named and not ImageRecipe
            )
                Fault(reference.Span, $"'{reference.Name}' is {named.Kind}; an image is needed here");
        }
        if (stack.Build?.Name == stack.Runtime.Name)
            Fault(
                stack.Build.Span,
                $"'{stack.Runtime.Name}' cannot be both 'runtime' and 'build'; name another image to build with, or none"
            );
    }

    private void CheckPrebuilt(RecipeReference reference)
    {
        if (Find(reference.Name, reference.Span)?.Recipe is not { } recipe)
            return;
        if (recipe is not PackageRecipe package)
            Fault(reference.Span, $"'{recipe.Name}' is {recipe.Kind}; a package is needed here");
        else if (ArtifactOf(package) is null)
            Fault(reference.Span, $"'{package.Name}' is not prebuilt: it is built from source; leave it out here");
    }

    /// <summary>Of all sources of a package, the first that was made outside; null if there is none.</summary>
    private ArtifactSource? ArtifactOf(PackageRecipe package)
    {
        return Sources(package)
            .Concat(Sources(Known(package.Source?.From)))
            .Select(x => x?.Artifact)
            .FirstOrDefault(x => x is not null);

        IEnumerable<Recipe?> Sources(Recipe? recipe) =>
            (recipe?.WrittenSource?.Include.Values ?? []).Select(Known).Prepend(recipe);

        // What is named and does not exist is said elsewhere.
        Recipe? Known(RecipeReference? reference) =>
            reference is null || _ambiguous.Contains(reference.Name)
                ? null
                : _results.GetValueOrDefault(reference.Name)?.Recipe;
    }

    private void CheckSource(SourceSpec source)
    {
        foreach (var reference in source.Include.Values.Concat(source.From is null ? [] : [source.From]))
        {
            if (Find(reference.Name, reference.Span)?.Recipe is { } other && !other.HasSource)
                Fault(reference.Span, $"'{reference.Name}' has no source of its own to build from");
        }
    }

    private void CheckBuild(PackageRecipe recipe)
    {
        var build = recipe.Build;
        CheckBase(recipe, build.Base);
        // What it takes over is a fault of the other recipe, if it is one.
        foreach (var need in build.Needs.Where(x => x.Span?.File == recipe.File))
            CheckOutput(need, StandsFor(recipe, need) ? RecipeArea.Toolchain : recipe.Area);
        if (build.StandsFor is not { } standsFor || Find(standsFor.Name, standsFor.Span)?.Recipe is not { } target)
            return;
        if (target is not PackageRecipe { Area: RecipeArea.Packages })
            Fault(standsFor.Span, $"'{standsFor.Name}' is not a package in pkgs/");
    }

    /// <summary>
    /// Whether a need is what stands for the recipe itself: a compiler that only its like can compile.
    /// </summary>
    private bool StandsFor(PackageRecipe recipe, OutputReference need) =>
        (_results.GetValueOrDefault(need.Package)?.Recipe as PackageRecipe)?.Build.StandsFor?.Name == recipe.Name;

    private void CheckBase(Recipe recipe, RecipeReference written)
    {
        // Another base in pkgs/ is a fault already, whatever it is.
        if (written.Span is null || (recipe.Area == RecipeArea.Packages && written.Name != BuildReader.DefaultBase))
            return;
        if (Find(written.Name, written.Span)?.Recipe is ImageRecipe or SourceRecipe or StackRecipe)
            Fault(written.Span, $"the base '{written.Name}' has to be a seed or a package with [build]");
    }

    /// <summary>One fault for the whole workspace, not one for each package.</summary>
    private void CheckDefaultBase()
    {
        var first = _results
            .Values.Select(x => (x.Recipe as PackageRecipe)?.Build)
            .FirstOrDefault(x => x is { Base.Span: null });
        if (first is null || _lacksCollections)
            return;
        if (!_results.TryGetValue(first.Base.Name, out var result))
            Fault(first.Span, $"there is no recipe '{first.Base.Name}', from which packages without 'base' are built");
        else if (result.Recipe is ImageRecipe or SourceRecipe or { Area: RecipeArea.Packages })
            Fault(
                first.Span,
                $"'{first.Base.Name}' has to be a package in toolchain/: packages without 'base' are built from it"
            );
    }

    private void CheckOutput(OutputReference reference, RecipeArea user)
    {
        switch (Find(reference.Package, reference.Span)?.Recipe)
        {
            case null:
                break;
            case PackageRecipe package:
                CheckOutput(reference, package, user);
                break;
            case SourceRecipe source:
                Fault(reference.Span, $"'{source.Name}' only pins a source and has no outputs");
                break;
            case var other:
                Fault(reference.Span, $"'{other.Name}' is {other.Kind}; a package is needed here");
                break;
        }
    }

    private void CheckOutput(OutputReference reference, PackageRecipe package, RecipeArea user)
    {
        if (user == RecipeArea.Packages && package.Area != RecipeArea.Packages)
            Fault(
                reference.Span,
                $"'{package.Name}' lives in toolchain/; a recipe in pkgs/ may name only packages in pkgs/"
            );
        else if (reference.Output is { } output && package.Outputs.All(x => x.Name != output))
        {
            var names = package.Outputs.Select(x => x.Name).ToArray();
            var fix = Suggestion.For(output, names) ?? $"it has {string.Join(", ", names)}";
            Fault(reference.Span, $"'{package.Name}' has no output '{output}'; {fix}");
        }
    }
}
