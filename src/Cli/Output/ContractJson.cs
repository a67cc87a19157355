using Recipes.Engine.Contracts;

namespace Recipes.Cli.Output;

/// <summary>A promise.</summary>
internal sealed record ContractItemJson(string Kind, string? Name, string? Value)
{
    public static ContractItemJson? Of(ContractItem? item) =>
        item is null
            ? null
            : new(ContractLine.WordOf(item.Kind.ToString()), item.Name.Length == 0 ? null : item.Name, item.Value);
}

/// <summary>The answer of <c>contract show</c>.</summary>
internal sealed record ContractJson(IEnumerable<ContractItemJson> Items)
{
    public static ContractJson Of(Contract contract) => new(contract.Items.Select(x => ContractItemJson.Of(x)!));
}

/// <summary>An item that is not what it was.</summary>
internal sealed record ContractChangeJson(ContractItemJson? Before, ContractItemJson? After)
{
    public static ContractChangeJson Of(ContractChange change) =>
        new(ContractItemJson.Of(change.Before), ContractItemJson.Of(change.After));
}

/// <summary>The answer of <c>contract diff</c>.</summary>
internal sealed record ContractDifferenceJson(
    IEnumerable<ContractChangeJson> Broken,
    IEnumerable<ContractChangeJson> Grown
)
{
    public static ContractDifferenceJson Of(ContractDifference difference) =>
        new(difference.Broken.Select(ContractChangeJson.Of), difference.Grown.Select(ContractChangeJson.Of));
}

/// <summary>The answer of <c>contract check</c>.</summary>
internal sealed record ContractCheckJson(
    string Stack,
    bool IsKept,
    int? Major,
    IEnumerable<ContractChangeJson> Broken,
    IEnumerable<ContractChangeJson> Grown,
    IEnumerable<string> Misfits
)
{
    public static ContractCheckJson Of(ContractCheck check) =>
        new(
            check.Contract.Stack.Name,
            check.IsKept,
            check.Contract.Promised?.Major,
            check.Contract.Difference.Broken.Select(ContractChangeJson.Of),
            check.Contract.Difference.Grown.Select(ContractChangeJson.Of),
            check.Misfits
        );
}

/// <summary>The answer of <c>contract accept</c>.</summary>
internal sealed record ContractAcceptJson(string File, int Promises, int Broken, int Grown)
{
    public static ContractAcceptJson Of(AcceptedContract accepted) =>
        new(
            accepted.File,
            accepted.Contract.Found.Count,
            accepted.Contract.Difference.Broken.Length,
            accepted.Contract.Difference.Grown.Length
        );
}
