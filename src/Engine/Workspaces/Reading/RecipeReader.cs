using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

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
)
{
    /// <summary>Its <c>[build]</c> as written, before it takes over that of another; null where it has none.</summary>
    public WrittenBuild? Build { get; init; }

    /// <summary>The same recipe as the further kinds whose tables it has too, which is a fault.</summary>
    public ImmutableArray<Recipe> OtherKinds { get; init; } = [];
}

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
        new(location, null, null, [new Diagnostic(message, SourceSpan.OfFile(location.File))]);

    public static RecipeReadResult Read(SourceText source, RecipeLocation location)
    {
        var faults = new FaultList(source);
        if (TomlReader.Read(faults) is not { } document)
            return new RecipeReadResult(location, null, null, faults.Faults);
        var template = new Template(location.Name, (document.Find("version")?.Value as TomlText)?.Value);
        var root = new KeyChecker(RecipeKeys.Root, faults, template).Document(document);
        var context = new RecipeContext(location, faults);
        var build = root.Table("build") is { } written ? BuildReader.Read(written, context) : null;
        var kinds = Bind(root, build, context);
        RecipeRules.Check(root, context);
        return new RecipeReadResult(location, kinds[0], context.Recipe(root.Text("version-from")), faults.Faults)
        {
            OtherKinds = kinds[1..],
            Build = build,
        };
    }

    /// <summary>
    /// Decides the kind, once. A file with the tables of several kinds is at fault and counts as the first of them;
    /// what the others name is looked at all the same.
    /// </summary>
    private static ImmutableArray<Recipe> Bind(CheckedTable root, WrittenBuild? build, RecipeContext context)
    {
        var source = root.Table("source") is { } written ? SourceReader.Read(written, context) : null;
        var package = Package(root, source, build, context);
        ImmutableArray<PermissionSpec> permissions =
        [
            .. root.Tables("permissions").Select(x => Permission(x, context)),
        ];
        var test = root.Table("test") is { } table
            ? new TestSpec(table.Text("script")?.Value ?? "", context.Outputs(table, "needs"))
            : null;
        var seed = Seed(root, context);
        var image = Image(root, test, context);
        var stack = Stack(root, context);
        var kinds = new Recipe?[]
        {
            seed,
            package is null ? null : package with { Permissions = permissions, Test = test },
            image,
            stack,
        }.OfType<Recipe>();
        if (package is null && (source is not null || (seed is null && image is null && stack is null)))
            kinds = kinds.Append(Source(root, source, context));
        return
        [
            .. kinds.Select(x =>
                x with
                {
                    Collection = context.Location.Collection,
                    Replaces = context.Recipe(root.Text("replaces")),
                    Version = root.Text("version")?.Value,
                    Summary = root.Text("summary")?.Value ?? "",
                    License = root.Text("license")?.Value,
                    Homepage = root.Text("homepage")?.Value,
                }
            ),
        ];
    }

    private static PackageRecipe? Package(
        CheckedTable root,
        SourceSpec? source,
        WrittenBuild? build,
        RecipeContext context
    ) =>
        build is null
            ? null
            : new()
            {
                Name = context.Location.Name,
                NameSpan = NameSpan(root, context),
                Area = context.Location.Area,
                Folder = context.Location.Folder,
                File = context.Location.File,
                Source = source,
                Build = build.ToSpec(system: null),
                Outputs = OutputsReader.Read(root, context),
                Waivers = [.. root.Tables("waivers").Select(Waiver)],
            };

    private static ImageRecipe? Image(CheckedTable root, TestSpec? test, RecipeContext context) =>
        root.Table("image") is not { } image
            ? null
            : new()
            {
                Name = context.Location.Name,
                NameSpan = NameSpan(root, context),
                Area = context.Location.Area,
                Folder = context.Location.Folder,
                File = context.Location.File,
                Image = ImageReader.Read(image, context),
                Test = test,
            };

    private static SeedRecipe? Seed(CheckedTable root, RecipeContext context) =>
        root.Table("seed") is not { } seed
            ? null
            : new()
            {
                Name = context.Location.Name,
                NameSpan = NameSpan(root, context),
                Area = context.Location.Area,
                Folder = context.Location.Folder,
                File = context.Location.File,
                Seed = Seed(seed),
            };

    private static StackRecipe? Stack(CheckedTable root, RecipeContext context) =>
        root.Table("stack") is not { } stack
            ? null
            : new()
            {
                Name = context.Location.Name,
                NameSpan = NameSpan(root, context),
                Area = context.Location.Area,
                Folder = context.Location.Folder,
                File = context.Location.File,
                Stack = new()
                {
                    Runtime = context.Recipe(stack.Text("runtime")) ?? new("", null),
                    Build = context.Recipe(stack.Text("build")),
                    Major = stack.Integer("major") ?? 1,
                    Kernel = stack.Text("kernel")?.Value,
                    Paths = RecipeContext.Strings(stack, "paths"),
                    Span = context.Span(stack.Range),
                },
            };

    // A file without any of the tables is at fault, and pins nothing.
    private static SourceRecipe Source(CheckedTable root, SourceSpec? source, RecipeContext context) =>
        new()
        {
            Name = context.Location.Name,
            NameSpan = NameSpan(root, context),
            Area = context.Location.Area,
            Folder = context.Location.Folder,
            File = context.Location.File,
            Source = source ?? new() { Span = context.Span(TextRange.FirstCharacter) },
        };

    private static SourceSpan NameSpan(CheckedTable root, RecipeContext context) =>
        context.Span(root.Text("name")?.Range ?? TextRange.FirstCharacter);

    private static PermissionSpec Permission(CheckedTable table, RecipeContext context)
    {
        if (((string[])["mode", "uid", "gid", "capabilities"]).All(x => table.Place(x) is null))
            context.Fault(table.Range, "a permission needs 'mode', 'uid', 'gid' or 'capabilities'");
        return new PermissionSpec(
            table.Text("path")?.Value ?? "",
            RecipeContext.Mode(table.Text("mode")),
            table.Integer("uid") ?? 0,
            table.Integer("gid") ?? 0
        )
        {
            Capabilities = FileCapabilities.Of(RecipeContext.Strings(table, "capabilities")),
        };
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
