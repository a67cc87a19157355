using System.Globalization;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;

namespace Recipes.Cli.Output.Graphs;

/// <summary>A graph as a flow chart of Mermaid, https://mermaid.js.org/syntax/flowchart.html.</summary>
internal static class MermaidGraph
{
    public static void Write(GraphSelection graph, TextWriter writer)
    {
        // Names like 'end' and 'libstdc++' are no identifiers there.
        var ids = graph.Recipes.Index().ToDictionary(x => x.Item.Name, x => Id(x.Index), StringComparer.Ordinal);
        writer.WriteLine("flowchart LR");
        foreach (var recipe in graph.Recipes)
            writer.WriteLine($"  {ids[recipe.Name]}{Node(recipe)}");
        foreach (var edge in graph.Recipes.SelectMany(x => graph.EdgesOf(x.Name)))
            writer.WriteLine($"  {ids[edge.From]} {Line(edge.Kind)} {ids[edge.To]}");
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"r{number}");

    private static string Node(Recipe recipe) =>
        recipe.Image is not null ? $"[[\"{recipe.Name}\"]]"
        : recipe.Seed is not null ? $"[(\"{recipe.Name}\")]"
        : $"[\"{recipe.Name}\"]";

    private static string Line(DependencyKind kind) => kind is DependencyKind.Base or DependencyKind.Source ? "-.->" : "-->";
}
