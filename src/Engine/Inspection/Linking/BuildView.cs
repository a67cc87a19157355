using Recipes.Engine.Content;

namespace Recipes.Engine.Inspection.Linking;

/// <summary>
/// The links that <c>filesystem</c> puts into every image, for views of build roots, which need not hold that package.
/// </summary>
internal static class BuildView
{
    /// <summary>The owner of the links, which is no output: nothing has to bring them into a root.</summary>
    public const string Links = "links";

    /// <summary>A view of some outputs with these links below them.</summary>
    /// <param name="outputs">By <c>package:output</c>.</param>
    /// <param name="readText">Reads a text file of a tree.</param>
    public static RuntimeView<string> Of(IEnumerable<ViewedOutput<string>> outputs, Func<Tree, string, string> readText)
    {
        var links = new TreeBuilder();
        foreach (
            var (name, target) in (ReadOnlySpan<(string, string)>)
                [("bin", "usr/bin"), ("sbin", "usr/bin"), ("lib", "usr/lib"), ("lib64", "usr/lib")]
        )
            links.AddLink(name, target);
        return new([.. outputs, new(Links, links.Build(), new([]))], readText);
    }
}
