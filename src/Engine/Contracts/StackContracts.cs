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

    /// <summary>What a composed image promises.</summary>
    /// <param name="image">The image.</param>
    /// <param name="workspace">
    /// Its recipe, and the stacks on it: of several, the first says what it does not tell.
    /// </param>
    /// <param name="store">Where it is.</param>
    /// <param name="isNoted">Whether to note what is read; a question writes nothing.</param>
    public static Contract Of(ImageResult image, Workspace workspace, ContentStore store, bool isNoted)
    {
        var recipe = workspace.RequireImage(image.Name);
        var terms = On(image.Name, workspace).FirstOrDefault() is { } stack
            ? ContractTerms.Of(stack.Stack, recipe)
            : ContractTerms.Of(recipe);
        return ContractRecords.Of(image, terms, store, isNoted);
    }

    /// <summary>Where each stack on a composed image stands.</summary>
    /// <exception cref="EngineException">The file of a contract cannot be read.</exception>
    public static ImmutableArray<StackContract> Standing(ImageResult image, Workspace workspace, ContentStore store) =>
        [.. On(image.Name, workspace).Select(x => StackContract.Of(x, Of(image, workspace, store, isNoted: true)))];
}
