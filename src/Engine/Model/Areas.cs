namespace Recipes.Engine.Model;

/// <summary>The folders of the areas.</summary>
internal static class Areas
{
    public static string Directory(RecipeArea area) =>
        area switch
        {
            RecipeArea.Stage0 => "stage0",
            RecipeArea.Toolchain => "toolchain",
            _ => "pkgs",
        };
}
