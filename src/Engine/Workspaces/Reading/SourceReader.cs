using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Reads <c>[source]</c>.</summary>
internal static class SourceReader
{
    private static readonly ImmutableArray<string> Kinds = ["archive", "git", "path", "artifact", "from"];

    public static SourceSpec Read(CheckedTable table, RecipeContext context)
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
        foreach (var key in (ReadOnlySpan<string>)["archive", "git", "only", "except", "inner", "mirrors", "limits"])
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
        }
        context.Demand(table, "git", "tag");
        context.Demand(table, "tag", "git");
        context.Demand(table, "strip", "patches");
        foreach (var patch in table.Texts("patches"))
            context.DemandFile(patch);
        return new SourceSpec
        {
            Span = context.Span(table.Range),
            Archive = table.Text("archive")?.Value,
            Mirrors = RecipeContext.Strings(table, "mirrors"),
            Inner = table.Text("inner")?.Value,
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

    private static SourceLimits Limits(CheckedTable? table)
    {
        var usual = new SourceLimits();
        var size = RecipeContext.Size(table?.Text("size"));
        return new(size ?? usual.Bytes, table?.Integer("entries") ?? usual.Entries, HasRatio: size is null);
    }
}
