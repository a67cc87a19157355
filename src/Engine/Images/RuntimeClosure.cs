using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Images;

/// <summary>One output of a closure.</summary>
/// <param name="Name"><c>package:output</c>.</param>
/// <param name="Recipe">The package.</param>
/// <param name="Output">Its files.</param>
/// <param name="Needs">The outputs that its files need at run time, or that its recipe says they do.</param>
public sealed record ClosureOutput(string Name, Recipe Recipe, BuiltOutput Output, ImmutableSortedSet<string> Needs);

/// <summary>
/// Some outputs with everything their files need at run time: shared libraries, ELF interpreters, the programs of
/// <c>#!</c> lines, and what their recipes require. Either whole, or a list of outputs to build first, or of faults.
/// </summary>
/// <param name="Outputs">By name.</param>
/// <param name="Unbuilt">Outputs (<c>package:output</c>) that have to be built before the closure can be found.</param>
/// <param name="Faults">Needs that nothing provides, each naming the file and what it needs.</param>
public sealed record RuntimeClosure(
    ImmutableArray<ClosureOutput> Outputs,
    ImmutableSortedSet<string> Unbuilt,
    ImmutableArray<Diagnostic> Faults
)
{
    /// <summary>True if nothing is missing.</summary>
    public bool IsWhole => Unbuilt.IsEmpty && Faults.IsEmpty;

    /// <summary>Finds the closure of what an image includes.</summary>
    /// <param name="image">A recipe with <c>[image]</c>.</param>
    /// <param name="find">A package's result by name; null if it is not built yet.</param>
    /// <param name="read">Reads a tree's listing.</param>
    public static RuntimeClosure Of(Recipe image, Func<string, PackageResult?> find, Func<Digest, Tree> read)
    {
        var spec = image.Image ?? throw new ArgumentException($"'{image.Name}' is no image.");
        return Of(spec.Include, spec.Span, PathFilter.Of(spec.Exclude), find, read);
    }

    /// <summary>Finds the closure of some outputs.</summary>
    /// <param name="roots">The outputs; a bare name is <c>main</c>.</param>
    /// <param name="span">Where faults are said to be that have no other place.</param>
    /// <param name="find">A package's result by name; null if it is not built yet.</param>
    /// <param name="read">Reads a tree's listing.</param>
    public static RuntimeClosure Of(
        IEnumerable<OutputReference> roots,
        SourceSpan? span,
        Func<string, PackageResult?> find,
        Func<Digest, Tree> read
    ) => Of(roots, span, PathFilter.None, find, read);

    private static RuntimeClosure Of(
        IEnumerable<OutputReference> roots,
        SourceSpan? span,
        PathFilter excluded,
        Func<string, PackageResult?> find,
        Func<Digest, Tree> read
    )
    {
        var search = new ClosureSearch(find, read, excluded, span);
        search.Run(roots);
        return search.Result;
    }
}
