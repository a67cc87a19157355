using System.Globalization;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Images;

namespace Recipes.Engine.Contracts;

/// <summary>What images promise, read once for each.</summary>
internal static class ContractRecords
{
    /// <summary>Image and terms → lines of its contract.</summary>
    internal static RecordType<IReadOnlyList<string>> Read { get; } =
        RecordType.OfLines("contract", RecordRole.Derived);

    /// <summary>What a composed image promises.</summary>
    /// <param name="image">The image.</param>
    /// <param name="terms">What it does not tell itself.</param>
    /// <param name="store">Where it is.</param>
    /// <param name="isNoted">Whether to note there what is read; a question writes nothing.</param>
    /// <exception cref="EngineException">A blob is absent or damaged.</exception>
    public static Contract Of(ImageResult image, ContractTerms terms, ContentStore store, bool isNoted)
    {
        var key = new KeyBuilder("contract 1")
            .Add(image.Manifest.ToString(), terms.Kernel ?? "")
            .Add(terms.SizeLimit?.ToString(CultureInfo.InvariantCulture) ?? "")
            .Add(terms.Paths)
            .Digest;
        if (store.FindRecord(Read, key) is { } lines)
            return new(lines.Select(Parse));
        var contract = ContractReader.Read(ImageContent.OfStore(image, store), terms);
        if (isNoted)
            store.WriteRecord(Read, key, [.. contract.Items.Select(x => x.ToString())]);
        return contract;
    }

    private static ContractItem Parse(string line) =>
        ContractLine.Read(line) is var (word, name, value) && ContractItem.Of(word, name, value) is { } item
            ? item
            : throw new EngineException($"the store holds a contract with '{line}', which means nothing");
}
