using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Reads <c>[source]</c>.</summary>
internal static class SourceReader
{
    private static readonly ImmutableArray<string> Kinds = ["archive", "git", "path", "artifact", "from"];

    public static SourceSpec Read(CheckedTable table, RecipeContext context)
    {
        CheckKinds(table, context);
        CheckFolders(table, context);
        foreach (var patch in table.Texts("patches"))
            context.DemandFile(patch);
        return new SourceSpec
        {
            Span = context.Span(table.Range),
            Archive = table.Text("archive")?.Value,
            Mirrors = RecipeContext.Strings(table, "mirrors"),
            Inner = table.Text("inner")?.Value,
            Also =
            [
                .. table
                    .Tables("also")
                    .Select(x => new FurtherArchive(
                        x.Text("archive")?.Value ?? "",
                        RecipeContext.Strings(x, "mirrors"),
                        x.Text("into")?.Value ?? ""
                    )),
            ],
            Git = table.Text("git")?.Value,
            Tag = table.Text("tag")?.Value,
            Path = table.Text("path")?.Value,
            Artifact = table.Text("artifact")?.Value,
            Only = RecipeContext.Strings(table, "only"),
            Except = RecipeContext.Strings(table, "except"),
            Limits = Limits(table.Table("limits")),
            Patches = RecipeContext.Strings(table, "patches"),
            Strip = table.Integer("strip") ?? SourceSpec.UsualStrip,
            From = context.Recipe(table.Text("from")),
            Include = table
                .TextTable("include")
                .ToImmutableSortedDictionary(x => x.Name.Value, x => context.Recipe(x.Value)!, StringComparer.Ordinal),
        };
    }

    /// <summary>What a source is decides which keys mean something.</summary>
    private static void CheckKinds(CheckedTable table, RecipeContext context)
    {
        if (Kinds.All(x => table.Place(x) is null))
            context.Fault(table.Range, "[source] needs 'archive', 'git', 'path', 'artifact' or 'from'");
        foreach (var key in (ReadOnlySpan<string>)["archive", "git", "from"])
            context.Exclude(
                table,
                "path",
                key,
                $"'path' and '{key}' exclude each other: what the repository has at HEAD is the pin"
            );
        foreach (var key in (ReadOnlySpan<string>)["archive", "git", "path", "from"])
            context.Exclude(
                table,
                "artifact",
                key,
                $"'artifact' and '{key}' exclude each other: what was made outside is the source"
            );
        context.Exclude(
            table,
            "artifact",
            "patches",
            "'artifact' and 'patches' exclude each other: what was made outside is taken as it is"
        );
        foreach (
            var key in (ReadOnlySpan<string>)["archive", "git", "also", "only", "except", "inner", "mirrors", "limits"]
        )
            context.Exclude(
                table,
                key,
                "from",
                $"'{key}' and 'from' exclude each other: the source is pinned by the other recipe"
            );
        if (table.Place("from") is null)
        {
            context.Demand(table, "mirrors", "archive");
            context.Demand(table, "inner", "archive");
            context.Demand(table, "also", "archive");
        }
        context.Exclude(
            table,
            "also",
            "git",
            "'also' and 'git' exclude each other: a commit has all parts of the source"
        );
        context.Demand(table, "git", "tag");
        context.Demand(table, "tag", "git");
        context.Demand(table, "strip", "patches");
    }

    /// <summary>Two archives in one folder, or one below another source, would hide each other's files.</summary>
    private static void CheckFolders(CheckedTable table, RecipeContext context)
    {
        var included = table.TextTable("include").Select(x => x.Name.Value).ToList();
        var seen = new List<string>();
        foreach (var into in table.Tables("also").Select(x => x.Text("into")).OfType<TomlText>())
        {
            if (seen.Find(x => IsWithin(into.Value, x) || IsWithin(x, into.Value)) is { } other)
                context.Fault(
                    into.Range,
                    other == into.Value
                        ? $"two archives are laid into '{other}'"
                        : $"'{into.Value}' and '{other}' lie in one another, and each is a folder of one archive"
                );
            else if (included.Find(x => IsWithin(into.Value, x)) is { } hidden)
                context.Fault(into.Range, $"'include' lays another source into '{hidden}', which would hide this one");
            seen.Add(into.Value);
        }
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static SourceLimits Limits(CheckedTable? table)
    {
        var usual = new SourceLimits();
        var size = RecipeContext.Size(table?.Text("size"));
        return new(size ?? usual.Bytes, table?.Integer("entries") ?? usual.Entries, HasRatio: size is null);
    }
}
