namespace Recipes.Engine.Model;

/// <summary>A folder that was made outside, such as by <c>dotnet publish</c>, as the source of a recipe.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Spec">Says what of the folder is wanted.</param>
/// <param name="Folder">Relative to the workspace or collection that the recipe is from.</param>
internal sealed record ArtifactSource(Recipe Recipe, SourceSpec Spec, string Folder)
{
    /// <summary>The recipe's name.</summary>
    public string Name => Recipe.Name;

    /// <summary>The folder's absolute path.</summary>
    public string Directory =>
        Path.Join(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(Recipe.Folder)))!, Folder);
}
