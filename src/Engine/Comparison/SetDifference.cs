using System.Collections.Immutable;

namespace Recipes.Engine.Comparison;

/// <summary>What came to a set of names, and what went.</summary>
/// <param name="Added">Sorted.</param>
/// <param name="Removed">Sorted.</param>
internal sealed record SetDifference(ImmutableArray<string> Added, ImmutableArray<string> Removed)
{
    /// <summary>True if nothing changed.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty;

    internal static SetDifference Of(IEnumerable<string> before, IEnumerable<string> after)
    {
        var (old, current) = (before.ToHashSet(StringComparer.Ordinal), after.ToHashSet(StringComparer.Ordinal));
        return new(
            [.. current.Where(x => !old.Contains(x)).Order(StringComparer.Ordinal)],
            [.. old.Where(x => !current.Contains(x)).Order(StringComparer.Ordinal)]
        );
    }
}
