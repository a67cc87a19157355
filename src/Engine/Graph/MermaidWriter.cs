using System.Globalization;
using System.Text;
using Recipes.Engine.Model;

namespace Recipes.Engine.Graph;

/// <summary>
/// Writes a graph as a Mermaid flowchart. Recipes get numbers, since names may hold what Mermaid reads otherwise.
/// </summary>
internal static class MermaidWriter
{
    public static string Write(GraphPart part)
    {
        var numbers = part
            .Recipes.Select((x, i) => (x.Name, Number: i))
            .ToDictionary(x => x.Name, x => x.Number, StringComparer.Ordinal);
        var text = new StringBuilder("flowchart LR\n");
        foreach (var recipe in part.Recipes)
        {
            var (open, close) = recipe switch
            {
                ImageRecipe => ("[[", "]]"),
                SeedRecipe => ("([", "])"),
                _ => ("[", "]"),
            };
            text.Append(CultureInfo.InvariantCulture, $"  r{numbers[recipe.Name]}{open}\"{recipe.Name}\"{close}\n");
        }
        foreach (var link in part.Links.Values.SelectMany(x => x))
        {
            var arrow = link.Kind is DependencyKind.Base or DependencyKind.Requirement or DependencyKind.Source
                ? "-.->"
                : "-->";
            text.Append(
                CultureInfo.InvariantCulture,
                $"  r{numbers[link.From]} {arrow}|\"{link.Label}\"| r{numbers[link.To]}\n"
            );
        }
        return text.ToString();
    }
}
