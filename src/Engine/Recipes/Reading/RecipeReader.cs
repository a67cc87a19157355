using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Recipes.Keys;
using Recipes.Engine.Recipes.Toml;

namespace Recipes.Engine.Recipes.Reading;

/// <summary>A recipe as far as it could be read, and what is wrong with it.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Recipe">Null if the file is not TOML. Parts that are at fault have their defaults.</param>
/// <param name="VersionFrom">The package whose version it takes, where it takes one.</param>
/// <param name="Diagnostics">In the order in which they were found.</param>
internal sealed record RecipeReadResult(
    RecipeLocation Location,
    Recipe? Recipe,
    RecipeReference? VersionFrom,
    IReadOnlyList<Diagnostic> Diagnostics
);

/// <summary>Reads one <c>recipe.toml</c> and checks all that can be said of it alone.</summary>
internal static class RecipeReader
{
    /// <summary>Reads the bytes of a file.</summary>
    public static RecipeReadResult Read(byte[] bytes, RecipeLocation location)
    {
        try
        {
            return Read(SourceText.FromUtf8(location.File, bytes), location);
        }
        catch (DecoderFallbackException)
        {
            return Faulty(location, "the file is not UTF-8 text");
        }
    }

    /// <summary>A recipe of which nothing can be said but one fault of the whole file.</summary>
    public static RecipeReadResult Faulty(RecipeLocation location, string message) =>
        new(location, null, null, [new Diagnostic(message, new SourceSpan(location.File, 1, 1, 1, ""))]);

    public static RecipeReadResult Read(SourceText source, RecipeLocation location)
    {
        var faults = new FaultList(source);
        if (TomlReader.Read(faults) is not { } document)
            return new RecipeReadResult(location, null, null, faults.Faults);
        var template = new Template(location.Name, (document.Find("version")?.Value as TomlText)?.Value);
        var root = new KeyChecker(faults, template).Table(RecipeKeys.Root, document, place: "");
        var context = new RecipeContext(location, faults);
        var recipe = Bind(root, context);
        RecipeRules.Check(root, context);
        return new RecipeReadResult(location, recipe, context.Recipe(root.Text("version-from")), faults.Faults);
    }

    private static Recipe Bind(CheckedTable root, RecipeContext context)
    {
        var build = root.Table("build");
        return new Recipe
        {
            Name = context.Location.Name,
            NameSpan = context.Span(root.Text("name")?.Range ?? TextRange.FirstCharacter),
            Version = root.Text("version")?.Value,
            Summary = root.Text("summary")?.Value ?? "",
            License = root.Text("license")?.Value,
            Homepage = root.Text("homepage")?.Value,
            Area = context.Location.Area,
            Folder = context.Location.Folder,
            File = context.Location.File,
            Source = root.Table("source") is { } source ? SourceReader.Read(source, context) : null,
            Build = build is null ? null : BuildReader.Read(build, context),
            Outputs = build is null ? [] : OutputsReader.Read(root, context),
            Permissions = [.. root.Tables("permissions").Select(x => Permission(x, context))],
            Waivers = [.. root.Tables("waivers").Select(Waiver)],
            Test = root.Table("test") is { } test
                ? new TestSpec(test.Text("script")?.Value ?? "", context.Outputs(test, "needs"))
                : null,
            Seed = root.Table("seed") is { } seed ? Seed(seed) : null,
            Image = root.Table("image") is { } image ? ImageReader.Read(image, context) : null,
        };
    }

    private static PermissionSpec Permission(CheckedTable table, RecipeContext context)
    {
        if (table.Place("mode") is null && table.Place("uid") is null && table.Place("gid") is null)
            context.Fault(table.Range, "a permission needs 'mode', 'uid' or 'gid'");
        return new PermissionSpec(
            table.Text("path")?.Value ?? "",
            RecipeContext.Mode(table.Text("mode")),
            table.Integer("uid") ?? 0,
            table.Integer("gid") ?? 0
        );
    }

    private static WaiverSpec Waiver(CheckedTable table) =>
        new(table.Text("check")?.Value ?? "", table.Text("path")?.Value ?? "", table.Text("reason")?.Value ?? "");

    private static SeedSpec Seed(CheckedTable table) =>
        new()
        {
            Suite = table.Text("suite")?.Value ?? "",
            Packages = RecipeContext.Strings(table, "packages"),
            Exclude = RecipeContext.Strings(table, "exclude"),
            Links = RecipeContext.Map(table, "links"),
        };
}
