using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Reading;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Reads one recipe from a string.</summary>
internal static class Reading
{
    /// <summary>Good lines to put a faulty one beside.</summary>
    public const string Package = "name = \"zlib\"\nversion = \"1.3\"\n[build]\nsystem = \"make\"\n";

    public const string Image = "name = \"zlib\"\n[image]\ninclude = [\"busybox\"]\n";

    public const string Source = "name = \"zlib\"\nversion = \"1.3\"\n[source]\n";

    public static RecipeReadResult Read(string text, RecipeArea area = RecipeArea.Packages) =>
        RecipeReader.Read(
            new SourceText($"{Areas.Directory(area)}/zlib/recipe.toml", text),
            new RecipeLocation(area, $"/nowhere/{Areas.Directory(area)}/zlib")
        );

    /// <summary>A recipe that has to be faultless.</summary>
    public static Recipe Good(string text, RecipeArea area = RecipeArea.Packages)
    {
        var result = Read(text, area);
        Xunit.Assert.Empty(result.Diagnostics);
        return result.Recipe!;
    }

    /// <summary>A recipe that has to be faultless and of this kind.</summary>
    public static T Good<T>(string text, RecipeArea area = RecipeArea.Packages)
        where T : Recipe => Xunit.Assert.IsType<T>(Good(text, area));

    /// <summary><c>line:column: message</c> of each fault, in the order of the file.</summary>
    public static IEnumerable<string> Faults(string text, RecipeArea area = RecipeArea.Packages) =>
        Read(text, area)
            .Diagnostics.OrderBy(x => x.Span!.Line)
            .ThenBy(x => x.Span!.Column)
            .Select(x => $"{x.Span!.Line}:{x.Span.Column}: {x.Message}");
}
