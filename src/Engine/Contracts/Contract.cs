using System.Buffers;
using System.Collections.Immutable;

namespace Recipes.Engine.Contracts;

/// <summary>A break of a contract, and why it was made.</summary>
/// <param name="Major">The major version that began with it.</param>
/// <param name="Reason">One line.</param>
internal sealed record ContractBreak(int Major, string Reason);

/// <summary>What is promised of an image.</summary>
internal sealed class Contract
{
    private static readonly SearchValues<char> GlobCharacters = SearchValues.Create("*?[]{}\\");

    private readonly ImmutableSortedDictionary<(ContractKind Kind, string Name), ContractItem> items;

    /// <param name="items">No two of a kind and name.</param>
    public Contract(IEnumerable<ContractItem> items) =>
        this.items = items.ToImmutableSortedDictionary(x => (x.Kind, x.Name), x => x, KeyOrder);

    /// <summary>Nothing.</summary>
    public static Contract Empty { get; } = new([]);

    /// <summary>By kind, then by the bytes of the name.</summary>
    public IEnumerable<ContractItem> Items => items.Values;

    /// <summary>How many there are.</summary>
    public int Count => items.Count;

    /// <summary>The item of a kind and name; null where nothing is promised.</summary>
    public ContractItem? Find(ContractKind kind, string name) => items.GetValueOrDefault((kind, name));

    /// <summary>Globs of exactly the paths that it promises, as far as they can be globs.</summary>
    public ImmutableArray<string> Paths =>
        [
            .. Items
                .Where(x => x.Kind == ContractKind.Path)
                .Select(x => x.Name.TrimStart('/'))
                .Where(x => x.Length > 0 && x.AsSpan().IndexOfAny(GlobCharacters) < 0),
        ];

    /// <summary>It without what an image does not tell itself.</summary>
    public Contract WithoutLimits() => new(Items.Where(x => x.Kind is not (ContractKind.Size or ContractKind.Kernel)));

    private static IComparer<(ContractKind Kind, string Name)> KeyOrder { get; } =
        Comparer<(ContractKind Kind, string Name)>.Create(
            (a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Name, b.Name)
        );
}
