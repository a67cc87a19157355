using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Bumping;
using Recipes.Engine.Comparison;
using Recipes.Engine.Contracts;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Patching;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Cli.Output;

/// <summary>
/// The answer of <c>bump --json</c>: the whole review. Upstream is null where the old source is no longer available.
/// </summary>
internal sealed record BumpJson(
    string Recipe,
    bool Changed,
    string? Commit,
    PinnedVersionJson Before,
    PinnedVersionJson After,
    string Origin,
    bool Given,
    ImmutableArray<RecipeEdit> Edits,
    UpstreamJson? Upstream,
    ImmutableArray<FailedPatch> FailedPatches,
    ImmutableArray<Rebuild> Rebuilds,
    ImmutableArray<string> Images,
    BumpBuildJson? Built,
    ImmutableArray<UnreachedJson> Unreached
)
{
    public static BumpJson Of(BumpReview review, bool isChanged, string? commit) =>
        new(
            review.Recipe,
            isChanged,
            commit,
            PinnedVersionJson.Of(review.Before),
            PinnedVersionJson.Of(review.After),
            review.Origin,
            review.IsGiven,
            review.Edits,
            review.Upstream is { } upstream ? UpstreamJson.Of(upstream) : null,
            review.FailedPatches,
            review.Rebuilds,
            review.Images,
            review.Built is { } built ? BumpBuildJson.Of(built) : null,
            [.. review.Unreached.Select(UnreachedJson.Of)]
        );
}

/// <summary>A pin; the digest is that of the archive, null for a source from git alone.</summary>
internal sealed record PinnedVersionJson(string Version, string Commit, string GitTree, string? ArchiveDigest)
{
    public static PinnedVersionJson Of(Pin pin) =>
        new(pin.Version, pin.Commit, pin.GitTree, pin.ArchiveDigest.IsEmpty ? null : pin.ArchiveDigest.Oci);
}

/// <summary>What upstream changed.</summary>
internal sealed record UpstreamJson(long LinesAdded, long LinesRemoved, ImmutableArray<SourceChangeJson> Files)
{
    public static UpstreamJson Of(UpstreamChanges changes) =>
        new(
            changes.LinesAdded,
            changes.LinesRemoved,
            [
                .. changes.Files.Select(x => new SourceChangeJson(
                    x.Path,
                    x.Kind.ToString().ToLowerInvariant(),
                    x.LinesAdded,
                    x.LinesRemoved,
                    x.IsLicence
                )),
            ]
        );
}

/// <summary>A file of the source; lines are null for what is not text.</summary>
internal sealed record SourceChangeJson(string Path, string Kind, int? LinesAdded, int? LinesRemoved, bool Licence);

/// <summary>What building the new version showed.</summary>
internal sealed record BumpBuildJson(
    ImmutableArray<PackageDifferenceJson> Packages,
    ImmutableArray<BreakingSymbol> Breaking,
    ImmutableArray<RebuildOutcome> Rebuilds,
    ImmutableArray<ImageDifference> Images,
    ImmutableArray<string> UnbuiltImages,
    ImmutableArray<BumpContractJson> Contracts
)
{
    public static BumpBuildJson Of(BumpBuild built) =>
        new(
            [.. built.Packages.Select(x => PackageDifferenceJson.Of(x))],
            built.Breaking,
            built.Rebuilds,
            built.Images,
            built.UnbuiltImages,
            [.. built.Stacks.Where(x => x.Promised is not null).Select(BumpContractJson.Of)]
        );
}

/// <summary>What a stack's contract gains and loses.</summary>
internal sealed record BumpContractJson(
    string Stack,
    IEnumerable<ContractChangeJson> Broken,
    IEnumerable<ContractChangeJson> Grown
)
{
    public static BumpContractJson Of(StackContract contract) =>
        new(
            contract.Stack.Name,
            contract.Difference.Broken.Select(ContractChangeJson.Of),
            contract.Difference.Grown.Select(ContractChangeJson.Of)
        );
}

/// <summary>All outputs of a package; the difference is null where the old version is not built.</summary>
internal sealed record PackageDifferenceJson(string Package, long Bytes, ComparisonJson? Difference)
{
    public static PackageDifferenceJson Of(PackageDifference package) =>
        new(
            package.Package,
            package.Bytes,
            package.Difference is { } files ? ComparisonJson.Of(new("before", "after", files, null, [])) : null
        );
}
