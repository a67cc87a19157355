namespace Recipes.Engine.Model;

/// <summary>Where a recipe is.</summary>
/// <param name="Area">The part of the workspace.</param>
/// <param name="Folder">Absolute path of its folder, whose name is the recipe's.</param>
/// <param name="Collection">The collection it is in; null for the workspace itself.</param>
internal sealed record RecipeLocation(RecipeArea Area, string Folder, Collection? Collection = null)
{
    public const string FileName = "recipe.toml";

    public string Name { get; } = Path.GetFileName(Folder);

    /// <summary>Relative to the workspace.</summary>
    public string File =>
        $"{(Collection is null ? "" : Collection.Folder + "/")}{Areas.Directory(Area)}/{Name}/{FileName}";
}
