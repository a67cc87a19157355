using System.Collections.Immutable;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Format;

/// <summary>The recipe format as data, drawn from the very descriptions that check recipes.</summary>
internal static class RecipeFormat
{
    /// <summary>The JSON Schema (draft 07) of <c>recipe.toml</c>, with <c>\n</c> at the end of each line.</summary>
    public static string Schema() => SchemaWriter.Write(RecipeKeys.Root);

    /// <summary>Every table of the format, outer ones before inner ones; the first is the top level.</summary>
    public static ImmutableArray<FormatTable> Tables() => [.. TablesOf(RecipeKeys.Root, "", "")];

    private static IEnumerable<FormatTable> TablesOf(KeyDescription table, string path, string written)
    {
        var inner = table.Keys.Where(x => !x.Keys.IsEmpty).ToList();
        yield return new(path, Header(table, written), table.Meaning, [.. table.Keys.Select(FormatKey.Of)]);
        foreach (var key in inner)
        {
            var place = written.Length == 0 ? key.Name : $"{written}.{key.Name}";
            var isNamed = key.Type == KeyType.NamedTables;
            foreach (
                var found in TablesOf(
                    key,
                    path.Length == 0 ? key.Name : $"{path}.{key.Name}",
                    isNamed ? $"{place}.NAME" : place
                )
            )
                yield return found;
        }
    }

    private static string Header(KeyDescription table, string written) =>
        (table.Type, written) switch
        {
            (_, "") => "recipe.toml",
            (KeyType.TableList, _) => $"[[{written}]]",
            _ => $"[{written}]",
        };
}
