using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Engine.Contracts;

/// <summary>An item that is not what it was.</summary>
/// <param name="Before">Null for what is new.</param>
/// <param name="After">Null for what is gone.</param>
internal sealed record ContractChange(ContractItem? Before, ContractItem? After)
{
    /// <summary>What it is about.</summary>
    public ContractItem Item => Before ?? After!;
}

/// <summary>What a contract gained and lost.</summary>
/// <param name="Broken">What is gone or another; whoever relies on it may fail.</param>
/// <param name="Grown">What is new, or promises more than before.</param>
internal sealed record ContractDifference(ImmutableArray<ContractChange> Broken, ImmutableArray<ContractChange> Grown)
{
    /// <summary>True if nothing changed.</summary>
    public bool IsEmpty => Broken.IsEmpty && Grown.IsEmpty;

    /// <summary>Compares.</summary>
    /// <param name="promised">The contract.</param>
    /// <param name="found">What there is.</param>
    public static ContractDifference Of(Contract promised, Contract found)
    {
        var lost = promised
            .Items.Select(x => new ContractChange(x, found.Find(x.Kind, x.Name)))
            .Where(x => x.Before != x.After)
            .ToLookup(x => x.After is { } after && IsMore(x.Before!, after));
        var added = found
            .Items.Where(x => promised.Find(x.Kind, x.Name) is null)
            .Select(x => new ContractChange(null, x));
        return new([.. lost[false]], [.. lost[true].Concat(added)]);
    }

    /// <summary>Whether it promises more than before: of a limit, less.</summary>
    private static bool IsMore(ContractItem before, ContractItem after) =>
        before.Kind switch
        {
            ContractKind.Size => Number(after) < Number(before),
            ContractKind.Kernel => VersionOrder.Instance.Compare(after.Value, before.Value) < 0,
            _ => false,
        };

    private static long Number(ContractItem item) =>
        long.TryParse(item.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : long.MaxValue;
}
