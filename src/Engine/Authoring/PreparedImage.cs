using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Authoring;

/// <summary>The recipe of an image of a package that has a recipe already, written in memory.</summary>
internal sealed class PreparedImage
{
    private readonly string root;

    private PreparedImage(string root, string package, Recipe recipe, string text) =>
        (this.root, Package, Recipe, Text) = (root, package, recipe, text);

    /// <summary>The package that it holds.</summary>
    public string Package { get; }

    /// <summary>The recipe as it will be read.</summary>
    public Recipe Recipe { get; }

    /// <summary>The text of the file.</summary>
    public string Text { get; }

    /// <summary>Writes the recipe in memory.</summary>
    /// <param name="workspace">Without faults.</param>
    /// <param name="package">A package of it.</param>
    /// <exception cref="EngineException">
    /// There is such an image, no such package, or the recipe would have faults.
    /// </exception>
    public static PreparedImage Of(Workspace workspace, string package)
    {
        var recipe = workspace.RequirePackage(package);
        if (NewRequest.NameFault(workspace.Root, ImageDraft.NameOf(package)) is { } fault)
            throw new EngineException(fault);
        var text = ImageDraft.Text(package, recipe.Summary, ImageDraft.HasLayout(workspace));
        var edited = Workspace.Load(
            workspace.Root,
            [RecipeText.Parse(ImageDraft.FileOf(package), Encoding.UTF8.GetBytes(text))]
        );
        if (edited.Diagnostics.AddRange(RecipeGraph.Create(edited).Diagnostics) is { IsEmpty: false } faults)
            throw new EngineException(
                $"The recipe that came out has faults, so that it was not written:\n{string.Join('\n', faults)}"
            );
        return new(workspace.Root, package, edited.Recipes[ImageDraft.NameOf(package)], text);
    }

    /// <summary>Writes the recipe, whole or not at all.</summary>
    /// <exception cref="EngineException">It cannot be written, or was written meanwhile.</exception>
    public void Apply()
    {
        var path = Path.Join(root, Recipe.File);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var draft = FileDraft.Beside(path);
            draft.Write(Encoding.UTF8.GetBytes(Text));
            draft.PublishNew();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                File.Exists(path)
                    ? $"{Recipe.File} was written meanwhile; nothing was changed"
                    : $"'{path}' cannot be written: {e.Message}",
                e
            );
        }
    }
}
