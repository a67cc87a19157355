using System.Collections.Immutable;
using Recipes.Engine.Comparison;

namespace Recipes.Cli.Output;

/// <summary>What <c>recipes diff</c> found.</summary>
/// <param name="Before">As it was written.</param>
/// <param name="After">As it was written.</param>
/// <param name="Files">What differs in the files.</param>
/// <param name="Image">Set where both are images.</param>
/// <param name="Breaking">Symbols removed under the same soname.</param>
internal sealed record Comparison(
    string Before,
    string After,
    OutputComparison Files,
    ImageComparison? Image,
    ImmutableArray<BreakingSymbol> Breaking
)
{
    public bool IsEmpty => Image?.IsEmpty ?? Files.IsEmpty;
}
