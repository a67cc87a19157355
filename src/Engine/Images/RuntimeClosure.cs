using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>One output of a closure.</summary>
/// <param name="Name"><c>package:output</c>.</param>
/// <param name="Recipe">The package.</param>
/// <param name="Output">Its files.</param>
/// <param name="Needs">
/// The outputs that its files need at run time, or that its recipe says they do, with a file that needs one; null if
/// only the recipe says so.
/// </param>
internal sealed record ClosureOutput(
    string Name,
    PackageRecipe Recipe,
    BuiltOutput Output,
    ImmutableSortedDictionary<string, RuntimeReason?> Needs
);

/// <summary>Why an output needs another.</summary>
/// <param name="File">A file of it.</param>
/// <param name="Need">The soname or interpreter that the file names.</param>
internal sealed record RuntimeReason(string File, string Need);

/// <summary>The file for whose sake an output has to be built that no recipe names.</summary>
/// <param name="Output">The output that the file is in: <c>package:output</c>.</param>
/// <param name="File">Its path.</param>
/// <param name="Need">The soname or interpreter that it names.</param>
internal sealed record UnbuiltReason(string Output, string File, string Need);

/// <summary>
/// Some outputs with everything their files need at run time: shared libraries, ELF interpreters, the programs of
/// <c>#!</c> lines, and what their recipes require. Either whole, or a list of outputs to build first, or of faults.
/// </summary>
/// <param name="Outputs">By name.</param>
/// <param name="Unbuilt">
/// Outputs (<c>package:output</c>) that have to be built before the closure can be found, each with a first file that
/// needs it, or may; null if a recipe names it.
/// </param>
/// <param name="Faults">Needs that nothing provides, each naming the file and what it needs.</param>
internal sealed record RuntimeClosure(
    ImmutableArray<ClosureOutput> Outputs,
    ImmutableSortedDictionary<string, UnbuiltReason?> Unbuilt,
    ImmutableArray<Diagnostic> Faults
)
{
    /// <summary>
    /// The outputs in the order in which they are laid over each other: the first that has a path counts.
    /// </summary>
    public IEnumerable<ClosureOutput> Ordered => Outputs.OrderBy(x => x.Output.Yields);

    /// <summary>The trees in whose place others' files are taken.</summary>
    public ImmutableHashSet<Digest> Yielding => [.. Outputs.Where(x => x.Output.Yields).Select(x => x.Output.Tree)];

    /// <summary>The packages that have to be built before the closure can be found.</summary>
    public IEnumerable<string> UnbuiltPackages => Unbuilt.Keys.Select(x => OutputName.Parse(x).Package).Distinct();

    /// <summary>The packages in it that were made outside.</summary>
    public ImmutableArray<PackageRecipe> Prebuilt =>
        [
            .. Outputs
                .Select(x => x.Recipe)
                .Where(x => x.IsPrebuilt)
                .DistinctBy(x => x.Name, StringComparer.Ordinal)
                .OrderBy(x => x.Name, StringComparer.Ordinal),
        ];

    /// <summary>True if nothing is missing.</summary>
    public bool IsWhole => Unbuilt.IsEmpty && Faults.IsEmpty;

    /// <summary>Finds the closure of what an image includes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="find">A package's result by name; null if it is not built yet.</param>
    /// <param name="trees">Reads listings.</param>
    public static RuntimeClosure Of(ImageRecipe image, Func<string, BuiltPackage?> find, ITreeReader trees)
    {
        var spec = image.Image;
        var own = OwnLinkerPath.Find(image, spec);
        var search = new ClosureSearch(
            find,
            own is null ? trees : own.Over(trees),
            PathFilter.Of(spec.Exclude),
            spec.Span,
            own is null ? [] : [own.Output]
        );
        search.Run(spec.Include);
        return search.Result;
    }

    /// <summary>Finds the closure of some outputs.</summary>
    /// <param name="roots">The outputs; a bare name is as <see cref="OutputReference.AtRuntime"/> says.</param>
    /// <param name="span">Where faults are said to be that have no other place.</param>
    /// <param name="find">A package's result by name; null if it is not built yet.</param>
    /// <param name="trees">Reads listings.</param>
    public static RuntimeClosure Of(
        IEnumerable<OutputReference> roots,
        SourceSpan? span,
        Func<string, BuiltPackage?> find,
        ITreeReader trees
    )
    {
        var search = new ClosureSearch(find, trees, PathFilter.None, span, []);
        search.Run(roots);
        return search.Result;
    }
}
