namespace Recipes.Engine.Model;

/// <summary>
/// A source that a recipe pins itself, with that recipe: what a lock has a pin for and the index a gitlink.
/// </summary>
/// <param name="Recipe">A package, or a recipe that only pins a source.</param>
/// <param name="Spec">With an archive, a git repository or both.</param>
internal sealed record OwnSource(Recipe Recipe, SourceSpec Spec)
{
    /// <summary>The recipe's name.</summary>
    public string Name => Recipe.Name;

    /// <summary>Upstream's version; a recipe with a source of its own and none is a fault.</summary>
    public string Version => Recipe.Version ?? "";

    /// <summary>Where its gitlink lies, relative to its own workspace: <c>pkgs/zlib/source</c>.</summary>
    public string Path => $"{Areas.Directory(Recipe.Area)}/{Name}/{RecipeFiles.SourceFolder}";
}
