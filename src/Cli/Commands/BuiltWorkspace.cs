using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sources;

namespace Recipes.Cli.Commands;

/// <summary>A workspace with what the store holds of it, for questions that build nothing.</summary>
internal sealed class BuiltWorkspace
{
    /// <param name="context">The store.</param>
    /// <param name="graph">The recipes.</param>
    public BuiltWorkspace(CommandContext context, RecipeGraph graph)
    {
        Graph = graph;
        Locks = LockFile.Read(Graph.Workspace.LockPath);
        Store = context.OpenStoreToAsk();
        Packages = BuiltPackages.Find(Graph, Locks, Store, context.Host.Interrupted);
    }

    /// <summary>The recipes.</summary>
    public RecipeGraph Graph { get; }

    /// <summary>Their pins.</summary>
    public LockFile Locks { get; }

    /// <summary>Where results are.</summary>
    public ContentStore Store { get; }

    /// <summary>What is built.</summary>
    public BuiltPackages Packages { get; }

    /// <summary>The result of a package or seed.</summary>
    /// <exception cref="EngineException">It is not built as its recipe is now.</exception>
    public PackageResult Require(Recipe recipe) =>
        Packages.Find(recipe.Name)
        ?? throw new EngineException($"'{recipe.Name}' is not built as its recipe is now; run: recipes build {recipe.Name}");

    /// <summary>An output of a package.</summary>
    /// <exception cref="UsageException">There is none of this name.</exception>
    public static BuiltOutput RequireOutput(PackageResult package, string output)
    {
        if (package.Outputs.TryGetValue(output, out var found))
            return found;
        var isEmpty = package.Recipe is PackageRecipe recipe && recipe.Outputs.Any(x => x.Name == output);
        var known = string.Join(", ", package.Outputs.Keys);
        throw new UsageException(
            isEmpty
                ? $"the output '{output}' of '{package.Recipe.Name}' is empty; with files there are: {known}"
                : $"'{package.Recipe.Name}' has no output '{output}'; there are: {known}"
        );
    }

    /// <summary>The outputs of an image with all they need at run time.</summary>
    /// <exception cref="EngineException">Something of it is not built, or its needs cannot be met.</exception>
    public RuntimeClosure Closure(ImageRecipe image)
    {
        var closure = RuntimeClosure.Of(image, Packages.Find, Store);
        if (closure.IsWhole)
            return closure;
        throw closure.Unbuilt.IsEmpty
            ? new EngineException(string.Join('\n', closure.Faults.Select(x => x.Message)))
            : new EngineException(
                $"{string.Join(", ", closure.Unbuilt)} of '{image.Name}' is not built as the recipes are now; run: recipes compose {image.Name}"
            );
    }

    /// <summary>An image that was composed of the outputs as they are now.</summary>
    /// <exception cref="EngineException">Its outputs are not built, or it was not composed of them.</exception>
    public ImageResult Image(ImageRecipe image) =>
        ImageComposer.Find(Store, image, Closure(image))
        ?? throw new EngineException($"'{image.Name}' is not composed as the recipes are now; run: recipes compose {image.Name}");
}
