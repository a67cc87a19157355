using System.Collections.Immutable;
using Recipes.Engine.Comparison;
using Recipes.Engine.Contracts;

namespace Recipes.Engine.Bumping;

/// <summary>What building the new version showed.</summary>
/// <param name="Packages">The packages built from the source itself.</param>
/// <param name="Breaking">
/// Symbols that are gone though the soname is the same, with the built outputs that use them.
/// </param>
/// <param name="Rebuilds">How every package ended that the bump reaches and that was asked for.</param>
/// <param name="Images">The images that were composed before and after.</param>
/// <param name="UnbuiltImages">Images that are not built as they are now, so that there is nothing to compare.</param>
internal sealed record BumpBuild(
    ImmutableArray<PackageDifference> Packages,
    ImmutableArray<BreakingSymbol> Breaking,
    ImmutableArray<RebuildOutcome> Rebuilds,
    ImmutableArray<ImageDifference> Images,
    ImmutableArray<string> UnbuiltImages
)
{
    /// <summary>Where the stacks stand whose images are composed of it.</summary>
    public ImmutableArray<StackContract> Stacks { get; init; } = [];
}

/// <summary>All outputs of a package, before and after.</summary>
/// <param name="Package">Its name.</param>
/// <param name="Bytes">The sum of the sizes of its files now.</param>
/// <param name="Difference">Null if the old version is not built, so that there is nothing to compare.</param>
internal sealed record PackageDifference(string Package, long Bytes, OutputComparison? Difference);

/// <summary>How a package of the rebuild ended.</summary>
/// <param name="Package">Its name.</param>
/// <param name="Seconds">Wall time; null if nothing it is built from changed, so that it was not built.</param>
/// <param name="IsUnchanged">
/// True if its outputs are those that it had before: what needs only them is not built again.
/// </param>
internal sealed record RebuildOutcome(string Package, double? Seconds, bool IsUnchanged);

/// <summary>An image before and after.</summary>
/// <param name="Image">Its name.</param>
/// <param name="FilesBefore">The sum of the sizes of its files, in bytes.</param>
/// <param name="FilesAfter">The same now.</param>
/// <param name="CompressedBefore">The sum of the sizes of its compressed layers, in bytes.</param>
/// <param name="CompressedAfter">The same now.</param>
internal sealed record ImageDifference(
    string Image,
    long FilesBefore,
    long FilesAfter,
    long CompressedBefore,
    long CompressedAfter
);
