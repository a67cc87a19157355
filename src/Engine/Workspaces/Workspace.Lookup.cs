using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces;

/// <summary>
/// Recipes by name, of the kind that is needed: who asks here first does nothing for a name of the wrong kind.
/// </summary>
internal sealed partial record Workspace
{
    /// <summary>The recipe of this name, of whichever kind.</summary>
    /// <exception cref="EngineException">There is none; perhaps another was meant.</exception>
    public Recipe Require(string name) =>
        Recipes.GetValueOrDefault(name)
        ?? throw new EngineException(Suggestion.Append($"there is no recipe '{name}' in {Root}", name, Recipes.Keys));

    /// <summary>The recipe of this name, which is to be changed.</summary>
    /// <exception cref="EngineException">There is none, or it is from a collection.</exception>
    public Recipe RequireOwn(string name)
    {
        var recipe = Require(name);
        return recipe.Collection is not { } collection
            ? recipe
            : throw new EngineException(
                $"'{name}' belongs to the collection '{collection.Name}' ({recipe.File}), and is changed there; or "
                    + $"write one of your own that says: replaces = \"{collection.Name}\""
            );
    }

    /// <summary>
    /// The collection of this name, or in this folder; null if a recipe has the name, or there is none.
    /// </summary>
    public Collection? FindCollection(string name) =>
        Recipes.ContainsKey(name) ? null : Collections.FirstOrDefault(x => x.Name == name || x.Folder == name);

    /// <summary>The image of this name.</summary>
    /// <exception cref="EngineException">There is none; the message lists those that there are.</exception>
    public ImageRecipe RequireImage(string name) =>
        Require(name) switch
        {
            ImageRecipe image => image,
            var other => throw Wrong(
                other,
                "an image",
                "[image]",
                Listed("there are", Names<ImageRecipe>()) ?? "there are no images"
            ),
        };

    /// <summary>The package of this name.</summary>
    /// <exception cref="EngineException">There is none; the message says what may have been meant.</exception>
    public PackageRecipe RequirePackage(string name) =>
        Require(name) switch
        {
            PackageRecipe package => package,
            ImageRecipe image => throw Wrong(
                image,
                "a package",
                "[build]",
                Listed("it includes", image.Image.Include.Select(x => x.Package))
            ),
            SourceRecipe source => throw Wrong(
                source,
                "a package",
                "[build]",
                Listed("packages that build from it", UsersOf(source))
            ),
            StackRecipe stack => throw Wrong(
                stack,
                "a package",
                "[build]",
                Listed("its images are", ImagesOf(stack.Stack))
            ),
            var other => throw Wrong(other, "a package", "[build]", "name a package that is built from it"),
        };

    /// <summary>The recipe of this name, in which there is something to build: a package, an image or a seed.</summary>
    /// <exception cref="EngineException">There is none, or it only pins a source.</exception>
    public Recipe RequireBuildable(string name) =>
        Require(name) switch
        {
            SourceRecipe source => throw new EngineException(
                $"'{name}' only pins a source for others to build from; there is nothing to build"
                    + Clause(Listed("packages that build from it", UsersOf(source)))
            ),
            StackRecipe { Stack: var stack } => throw new EngineException(
                $"'{name}' is a stack, of which there is nothing to build"
                    + Clause(Listed("its images are", ImagesOf(stack)))
            ),
            var other => other,
        };

    /// <summary>The stack of this name.</summary>
    /// <exception cref="EngineException">There is none; the message lists those that there are.</exception>
    public StackRecipe RequireStack(string name) =>
        Require(name) switch
        {
            StackRecipe stack => stack,
            var other => throw Wrong(
                other,
                "a stack",
                "[stack]",
                Listed("there are", Names<StackRecipe>()) ?? "there are no stacks"
            ),
        };

    /// <summary>The recipe of this name, which has outputs: a package, or a seed with its <c>main</c>.</summary>
    /// <exception cref="EngineException">There is none; the message says what may have been meant.</exception>
    public Recipe RequireOutputs(string name) => Require(name) is SeedRecipe seed ? seed : RequirePackage(name);

    /// <summary>The source that the recipe of this name pins itself.</summary>
    /// <exception cref="EngineException">There is no such recipe, or it has none.</exception>
    public OwnSource RequireSource(string name) => Require(name).RequireSource();

    /// <summary>The recipe of this name with its test.</summary>
    /// <exception cref="EngineException">There is no such recipe, or it has none.</exception>
    public TestedRecipe RequireTest(string name)
    {
        var recipe = Require(name);
        return recipe.Tested
            ?? throw new EngineException(
                recipe is PackageRecipe or ImageRecipe
                    ? $"{recipe.File} has no [test]; write one: a script that ends with a status other than 0 where "
                        + $"something is wrong"
                    : $"'{name}' is {recipe.Kind} and has no [test]; only packages and images are tested"
            );
    }

    private static EngineException Wrong(Recipe recipe, string needed, string table, string? advice) =>
        new($"'{recipe.Name}' is {recipe.Kind}, not {needed} ({recipe.File} has no {table})" + Clause(advice));

    private static string Clause(string? text) => text is null ? "" : $"; {text}";

    private static string? Listed(string introduction, IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } some
            ? $"{introduction}: {string.Join(", ", some)}"
            : null;

    private IEnumerable<string> Names<T>()
        where T : Recipe => Recipes.Values.OfType<T>().Select(x => x.Name);

    private static IEnumerable<string> ImagesOf(StackSpec stack) =>
        new[] { stack.Runtime, stack.Build }.OfType<RecipeReference>().Select(x => x.Name);

    private IEnumerable<string> UsersOf(SourceRecipe source) =>
        Recipes
            .Values.OfType<PackageRecipe>()
            .Where(x =>
                x.Source is { } used
                && (used.From?.Name == source.Name || used.Include.Values.Any(i => i.Name == source.Name))
            )
            .Select(x => x.Name);
}
