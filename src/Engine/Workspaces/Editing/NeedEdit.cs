using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Editing;

/// <summary>
/// Needs added to a recipe's <c>[build]</c>: everything else of the file stays as it is, byte for byte. Nothing is
/// written before <see cref="Write"/>.
/// </summary>
internal sealed class NeedEdit
{
    private readonly Recipe recipe;
    private readonly RecipeText text;

    private NeedEdit(Recipe recipe, RecipeText text, Workspace edited) =>
        (this.recipe, this.text, Edited) = (recipe, text, edited);

    /// <summary>The workspace as it will be; its diagnostics say whether the edit is good.</summary>
    public Workspace Edited { get; }

    /// <summary>Plans the edit.</summary>
    /// <param name="workspace">Without faults.</param>
    /// <param name="name">A recipe of it.</param>
    /// <param name="needs">Packages, or outputs as <c>package:output</c>.</param>
    /// <exception cref="EngineException">The recipe is not built, or a need is unknown or there already.</exception>
    public static NeedEdit Of(Workspace workspace, string name, IEnumerable<string> needs)
    {
        workspace.RequireOwn(name);
        var recipe = workspace.RequirePackage(name);
        var text = RecipeText.Read(recipe);
        var present = recipe.Build.AllNeeds.Select(x => x.ToString()).ToHashSet(StringComparer.Ordinal);
        // Needs of its own take the place of those that it takes over from another.
        foreach (var inherited in recipe.Build.Needs.Where(x => x.Span?.File != recipe.File))
            text = text.WithItem("build", "needs", inherited.ToString());
        foreach (var need in needs)
        {
            Require(workspace, recipe, present, need);
            present.Add(need);
            text = text.WithItem("build", "needs", need);
        }
        return new(recipe, text, Workspace.Load(workspace.Root, [text]));
    }

    /// <summary>Writes the file, in one rename.</summary>
    /// <exception cref="EngineException">It cannot be written; it is then as it was.</exception>
    public void Write()
    {
        var path = Path.Join(recipe.Folder, RecipeLocation.FileName);
        try
        {
            FileDraft.Write(path, text.Bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"{recipe.File} cannot be written: {e.Message}", e);
        }
    }

    private static void Require(Workspace workspace, Recipe recipe, HashSet<string> present, string need)
    {
        var (name, output, _) = OutputReference.Parse(need);
        if (name.Length == 0 || output is "" || (output?.Contains(':', StringComparison.Ordinal) ?? false))
            throw new EngineException($"'{need}' is neither PACKAGE nor PACKAGE:OUTPUT");
        var package = workspace.Require(name);
        if (present.Contains(need))
            throw new EngineException($"'{need}' is already among the needs of '{recipe.Name}'");
        if (output is not null && present.Contains(name) && (package as PackageRecipe)?.IsMeantByName(output) == true)
            throw new EngineException($"'{need}' is already among the needs of '{recipe.Name}', as a part of '{name}'");
        if (package == recipe)
            throw new EngineException($"'{recipe.Name}' cannot need itself");
    }
}
