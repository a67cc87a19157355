using Recipes.Engine.Recipes;

namespace Recipes.Cli.Commands;

/// <summary>Names of recipes on the command line.</summary>
internal static class RecipeNames
{
    /// <summary>The recipe of this name.</summary>
    /// <exception cref="UsageException">There is none; perhaps another was meant.</exception>
    public static Recipe Require(Workspace workspace, string name)
    {
        if (workspace.Recipes.TryGetValue(name, out var recipe))
            return recipe;
        var nearest = NearestName.Find(name, workspace.Recipes.Keys);
        throw new UsageException(
            $"there is no recipe '{name}' in {workspace.Root}" + (nearest is null ? "" : $"; did you mean '{nearest}'?")
        );
    }

    /// <summary>The recipe of this name, which has to have a source of its own.</summary>
    /// <exception cref="UsageException">There is none, or it has none.</exception>
    public static Recipe RequireSource(Workspace workspace, string name)
    {
        var recipe = Require(workspace, name);
        if (recipe.SourcePath is not null)
            return recipe;
        throw new UsageException(
            recipe.Source?.From is { } from
                ? $"'{name}' builds from the source of '{from.Name}'; name that recipe"
                : $"'{name}' has no source ({recipe.File} has no [source])"
        );
    }

    /// <summary>The recipe of this name, which has to be an image.</summary>
    /// <exception cref="UsageException">There is none, or it is no image.</exception>
    public static Recipe RequireImage(Workspace workspace, string name)
    {
        var recipe = Require(workspace, name);
        if (recipe.Image is not null)
            return recipe;
        var images = string.Join(", ", workspace.Recipes.Values.Where(x => x.Image is not null).Select(x => x.Name));
        throw new UsageException($"'{name}' is no image ({recipe.File} has no [image]); there are: {images}");
    }
}
