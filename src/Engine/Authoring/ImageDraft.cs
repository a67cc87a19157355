using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Authoring;

/// <summary>Writes the first recipe of an image that holds one package and what that needs.</summary>
internal static class ImageDraft
{
    private const string Layout = "filesystem";

    /// <summary>The image of a package.</summary>
    public static string NameOf(string package) => $"{package}-image";

    /// <summary>Its recipe, relative to the workspace.</summary>
    public static string FileOf(string package) => new RecipeLocation(RecipeArea.Packages, NameOf(package)).File;

    /// <param name="package">The package.</param>
    /// <param name="summary">What it is; null or empty if nothing tells.</param>
    /// <param name="hasLayout">True if the workspace has the package of the root's folders and links.</param>
    public static string Text(string package, string? summary, bool hasLayout)
    {
        var text = new StringBuilder();
        text.Append(
            $"name         = {TomlString.Basic(NameOf(package))}\nversion-from = {TomlString.Basic(package)}\n"
        );
        text.Append(
            string.IsNullOrEmpty(summary)
                ? "# summary: say what the image is for\n"
                : $"summary      = {TomlString.Basic(summary)}\n"
        );
        text.Append("\n[image]\n");
        text.Append(
            $"include     = [{(hasLayout ? $"{TomlString.Basic(Layout)}, " : "")}{TomlString.Basic(package)}]\n"
        );
        text.Append($"entrypoint  = [{TomlString.Basic($"/usr/bin/{package}")}] # guessed from the package's name\n");
        text.Append("environment = { PATH = \"/usr/bin\" }\n");
        return text.ToString();
    }

    /// <summary>True if a workspace has that package.</summary>
    public static bool HasLayout(Workspace workspace) => workspace.Recipes.GetValueOrDefault(Layout) is PackageRecipe;
}
