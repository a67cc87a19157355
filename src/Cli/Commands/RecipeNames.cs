using Recipes.Engine;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary>
/// Names of recipes on the command line. Each verb asks here for the kind it needs before it opens the store: the
/// workspace says what is wrong with a name, and on the command line that is a fault of usage.
/// </summary>
internal static class RecipeNames
{
    /// <summary>The recipe of this name, of whichever kind.</summary>
    /// <exception cref="UsageException">There is none; perhaps another was meant.</exception>
    public static Recipe Require(Workspace workspace, string name) => UsageException.Of(() => workspace.Require(name));

    /// <summary>The package of this name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static PackageRecipe RequirePackage(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequirePackage(name));

    /// <summary>The image of this name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static ImageRecipe RequireImage(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireImage(name));

    /// <summary>The stack of this name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static StackRecipe RequireStack(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireStack(name));

    /// <summary>The recipe of this name, in which there is something to build.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Recipe RequireBuildable(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireBuildable(name));

    /// <summary>The package or seed of this name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Recipe RequireOutputs(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireOutputs(name));

    /// <summary>The source that a recipe of the workspace itself pins, which is to be changed.</summary>
    /// <exception cref="UsageException">There is no such recipe, it has none, or it is from a collection.</exception>
    public static OwnSource RequireOwnSource(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireOwn(name).RequireSource());

    /// <summary>The recipe of the workspace itself of this name, which has something to pin.</summary>
    /// <exception cref="UsageException">There is no such recipe, nothing to pin, or it is from a collection.</exception>
    public static Recipe RequireLocked(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireOwn(name).RequireLocked());

    /// <summary>The source that the recipe of this name pins itself.</summary>
    /// <exception cref="UsageException">There is no such recipe, or it has none.</exception>
    public static OwnSource RequireSource(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireSource(name));

    /// <summary>The recipe of this name with its test.</summary>
    /// <exception cref="UsageException">There is no such recipe, or it has none.</exception>
    public static TestedRecipe RequireTest(Workspace workspace, string name) =>
        UsageException.Of(() => workspace.RequireTest(name));
}
