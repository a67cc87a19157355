using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>Whether an output can be taken into a closure.</summary>
internal enum SourceState
{
    /// <summary>It can.</summary>
    Built,

    /// <summary>It has to be built first.</summary>
    Unbuilt,

    /// <summary>It is of the toolchain, and stands for no package.</summary>
    Forbidden,

    /// <summary>It is the image's own, and there anyway.</summary>
    Own,
}

/// <summary>An output that may provide something.</summary>
internal sealed record ClosureSource(OutputName Name, SourceState State);

/// <summary>The outputs among which the run-time needs of a package's files are looked for.</summary>
/// <param name="find">A package's result by name; null if it is not built yet.</param>
/// <param name="trees">Reads listings.</param>
internal sealed class ClosureCandidates(Func<string, BuiltPackage?> find, ITreeReader trees)
{
    /// <summary>The candidates of a package in their order; those that cannot be taken as they are come last.</summary>
    public IReadOnlyList<ViewedOutput<ClosureSource>> Of(BuiltPackage package) =>
        [.. package.Candidates.SelectMany(x => Expand(OutputName.Parse(x))).OrderBy(x => x.Owner.State)];

    /// <summary>The package that a package of the toolchain stands for, or null.</summary>
    public static string? InsteadOf(BuiltPackage package) => (package.Recipe as PackageRecipe)?.Build.StandsFor?.Name;

    private IEnumerable<ViewedOutput<ClosureSource>> Expand(OutputName candidate)
    {
        if (
            find(candidate.Package) is not { } package
            || !package.Outputs.TryGetValue(candidate.Output, out var output)
        )
            return [];
        if (package.Recipe.Area == RecipeArea.Packages)
            return [output.ViewedAs(new ClosureSource(candidate, SourceState.Built), trees)];
        if (InsteadOf(package) is not { } standsFor)
            return [output.ViewedAs(new ClosureSource(candidate, SourceState.Forbidden), trees)];
        // What the toolchain's own output holds tells whether the package has to be built for it.
        if (find(standsFor) is not { } instead)
            return
            [
                output.ViewedAs(new ClosureSource(candidate with { Package = standsFor }, SourceState.Unbuilt), trees),
            ];
        return instead
            .Outputs.Values.OrderBy(x => x.Name != candidate.Output)
            .Select(x => x.ViewedAs(new ClosureSource(new(instead.Recipe.Name, x.Name), SourceState.Built), trees));
    }
}
