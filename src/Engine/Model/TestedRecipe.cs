namespace Recipes.Engine.Model;

/// <summary>A recipe with its own test.</summary>
/// <param name="Recipe">A package or an image.</param>
/// <param name="Test">The test.</param>
internal sealed record TestedRecipe(Recipe Recipe, TestSpec Test)
{
    /// <summary>The recipe's name.</summary>
    public string Name => Recipe.Name;
}
