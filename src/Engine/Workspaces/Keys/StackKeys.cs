using static Recipes.Engine.Workspaces.Keys.RecipeKeys;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The keys of stacks.</summary>
internal static class StackKeys
{
    public static KeyDescription Stack =>
        Table(
            "stack",
            "An image to run on with a contract, and the image to build with that fits it.",
            Text("runtime", "The image that applications run on, which the contract is about.", Forms.RecipeName) with
            {
                Required = true,
            },
            Text(
                "build",
                "The image that has all of the runtime, and what programs for it are built with.",
                Forms.RecipeName
            ),
            Number("major", "Counts the breaks of the contract.", minimum: 1) with
            {
                Required = true,
            },
            Text("kernel", "The oldest Linux that it runs on, such as '5.4'.", Forms.Kernel),
            Texts("paths", "Further paths that applications may rely on.", Forms.Glob) with
            {
                Distinct = true,
            }
        );
}
