using System.Collections.Immutable;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Contracts;
using Recipes.Engine.Model;

namespace Recipes.Engine;

public sealed partial class Project
{
    /// <summary>What a composed image promises, whether or not a stack has it.</summary>
    /// <exception cref="EngineException">It is not composed as the recipes are now.</exception>
    internal Contract ContractOf(ImageRecipe image) =>
        StackContracts.Of(RequireComposed(image), Workspace, StoreToAsk, isNoted: false);

    /// <summary>Where a stack stands: what it promises, and what its image to run on has.</summary>
    /// <exception cref="EngineException">That image is not composed as the recipes are now.</exception>
    internal StackContract ContractOf(StackRecipe stack) =>
        StackContract.Of(
            stack,
            StackContracts.Of(
                stack,
                RequireComposed(Workspace.RequireImage(stack.Stack.Runtime.Name)),
                Workspace,
                StoreToAsk,
                isNoted: false
            )
        );

    /// <summary>What keeps programs that a stack's image to build with links from running on the other.</summary>
    /// <returns>A sentence each; empty if they fit, or the stack has no image to build with.</returns>
    /// <exception cref="EngineException">An image is not composed as the recipes are now.</exception>
    internal ImmutableArray<string> MisfitsOf(StackContract contract)
    {
        if (contract.Stack.Stack.Build is not { } named)
            return [];
        var runtime = Workspace.RequireImage(contract.Stack.Stack.Runtime.Name);
        var build = Workspace.RequireImage(named.Name);
        return StackFit.Misfits(
            ImageContent.OfStore(RequireComposed(build), StoreToAsk).Files,
            ImageContent.OfStore(RequireComposed(runtime), StoreToAsk).Files,
            contract.Promised?.Contract ?? contract.Found,
            OwnPaths(build).Concat(OwnPaths(runtime)).ToHashSet(StringComparer.Ordinal).Contains
        );
    }

    /// <summary>Makes what a stack's image to run on has its contract.</summary>
    /// <param name="contract">Where the stack stands.</param>
    /// <param name="reason">Why a break is made; null where nothing breaks.</param>
    /// <returns>The file, relative to the workspace.</returns>
    /// <exception cref="RecipeFaultsException">
    /// It is broken, and the recipe does not announce that; or its file has faults.
    /// </exception>
    /// <exception cref="EngineException">A reason lacks or is too much, or the file cannot be written.</exception>
    internal static string AcceptContract(StackContract contract, string? reason)
    {
        var stack = contract.Stack;
        if (stack.Collection is { } collection)
            throw new EngineException(
                $"'{stack.Name}' belongs to the collection '{collection.Name}', and is changed there"
            );
        if (contract.Faults() is { IsEmpty: false } faults)
            throw new RecipeFaultsException(faults);
        var document = contract.Accept(reason);
        try
        {
            FileDraft.Write(Path.Join(stack.Folder, ContractDocument.FileName), document.Write(stack.Name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"'{StackContract.FileOf(stack)}' cannot be written: {e.Message}", e);
        }
        return StackContract.FileOf(stack);
    }

    private static IEnumerable<string> OwnPaths(ImageRecipe image) =>
        image.Image.Files.Select(x => x.Path.TrimStart('/')).Concat(["etc/passwd", "etc/group"]);
}
