using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Model;

namespace Recipes.Cli.Output;

/// <summary>
/// What a workspace offers, as tables in Markdown: images with their sizes, packages with the images that hold them.
/// What is not built has no size; what is for compiling and reading does not count.
/// </summary>
internal static class CollectionPage
{
    private const string None = "–";

    /// <summary>Writes both tables.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="project">Is only asked.</param>
    public static void Write(TextWriter writer, Project project)
    {
        var recipes = project.Workspace.Recipes.Values;
        var contents = recipes
            .OfType<ImageRecipe>()
            .Select(x => (Image: x, Closure: RuntimeClosure.Of(x, project.Packages.Find, project.StoreToAsk)))
            .Select(x => (x.Image, x.Closure, Packages: PackagesOf(project.Graph, x.Image, x.Closure)))
            .ToList();
        writer.WriteLine("| image | | version | files |\n| --- | --- | --- | ---: |");
        foreach (var (image, closure, _) in contents)
        {
            var size = closure.IsWhole ? SizeText.Of(ImageSize.Of(image, closure, project.StoreToAsk).Bytes) : None;
            Row(writer, $"`{image.Name}`", image.Summary, image.Version, size);
        }
        writer.WriteLine("\n| package | | version | license | files | in |\n| --- | --- | --- | --- | ---: | --- |");
        foreach (var package in recipes.OfType<PackageRecipe>().Where(x => x.Area == RecipeArea.Packages))
        {
            var built = project.Packages.Find(package.Name);
            var holders = contents.Where(x => x.Packages.Contains(package.Name)).Select(x => $"`{x.Image.Name}`");
            Row(
                writer,
                $"`{package.Name}`",
                package.Summary,
                package.Version,
                package.License,
                built is null ? None : SizeText.Of(built.Outputs.Values.Where(IsForUse).Sum(x => x.FileBytes)),
                string.Join(", ", holders)
            );
        }
    }

    private static bool IsForUse(BuiltOutput output) => output.Name is not ("dev" or "doc");

    /// <summary>What is not built yet is only known to hold what recipes name.</summary>
    private static HashSet<string> PackagesOf(RecipeGraph graph, ImageRecipe image, RuntimeClosure closure) =>
        [
            .. closure.IsWhole
                ? closure.Outputs.Select(x => x.Recipe.Name)
                : graph.ImageContent(image.Name).Select(x => x.Package),
        ];

    private static void Row(TextWriter writer, params ReadOnlySpan<string?> cells) =>
        writer.WriteLine(
            $"| {string.Join(" | ", cells.ToArray().Select(x => Printable.Line(x is null or "" ? None : x.Replace("|", "\\|", StringComparison.Ordinal))))} |"
        );
}
