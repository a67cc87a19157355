using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Contracts;

/// <summary>The contracts of a workspace.</summary>
internal static class StackContracts
{
    /// <summary>The stacks whose applications run on an image, by name.</summary>
    public static IEnumerable<StackRecipe> On(string image, Workspace workspace) =>
        workspace.Recipes.Values.OfType<StackRecipe>().Where(x => x.Stack.Runtime.Name == image);

    /// <summary>What a composed image has, of which no stack says what is promised besides.</summary>
    /// <param name="image">The image.</param>
    /// <param name="workspace">Its recipe.</param>
    /// <param name="store">Where it is.</param>
    /// <param name="isNoted">Whether to note what is read; a question writes nothing.</param>
    public static Contract Of(ImageResult image, Workspace workspace, ContentStore store, bool isNoted) =>
        ContractRecords.Of(image, ContractTerms.Of(workspace.RequireImage(image.Name)), store, isNoted);

    /// <summary>What the image that a stack's applications run on has.</summary>
    /// <param name="stack">The stack, which says what the image does not tell itself.</param>
    /// <param name="image">The image.</param>
    /// <param name="workspace">Its recipe.</param>
    /// <param name="store">Where it is.</param>
    /// <param name="isNoted">Whether to note what is read; a question writes nothing.</param>
    public static Contract Of(
        StackRecipe stack,
        ImageResult image,
        Workspace workspace,
        ContentStore store,
        bool isNoted
    ) => ContractRecords.Of(image, ContractTerms.Of(stack.Stack, workspace.RequireImage(image.Name)), store, isNoted);

    /// <summary>Where each stack on a composed image stands.</summary>
    /// <param name="image">The image.</param>
    /// <param name="stacks">The workspace whose stacks made promises.</param>
    /// <param name="workspace">The workspace that the image is of.</param>
    /// <param name="store">Where it is.</param>
    /// <exception cref="EngineException">The file of a contract cannot be read.</exception>
    public static ImmutableArray<StackContract> Standing(
        ImageResult image,
        Workspace stacks,
        Workspace workspace,
        ContentStore store
    ) => [.. On(image.Name, stacks).Select(x => StackContract.Of(x, Of(x, image, workspace, store, isNoted: true)))];
}
