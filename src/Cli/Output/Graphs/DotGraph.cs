using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;

namespace Recipes.Cli.Output.Graphs;

/// <summary>A graph in the language of Graphviz, https://graphviz.org/doc/info/lang.html.</summary>
internal static class DotGraph
{
    public static void Write(GraphSelection graph, TextWriter writer)
    {
        writer.WriteLine("digraph recipes {\n  rankdir = LR;\n  node [shape = box, fontname = \"sans-serif\"];");
        foreach (var recipe in graph.Recipes)
            writer.WriteLine($"  \"{recipe.Name}\"{Shape(recipe)};");
        foreach (var edge in graph.Recipes.SelectMany(x => graph.EdgesOf(x.Name)))
            writer.WriteLine($"  \"{edge.From}\" -> \"{edge.To}\"{Line(edge.Kind)};");
        writer.WriteLine("}");
    }

    private static string Shape(Recipe recipe) =>
        recipe.Image is not null ? " [shape = component]"
        : recipe.Seed is not null ? " [shape = cylinder]"
        : "";

    private static string Line(DependencyKind kind) =>
        kind switch
        {
            DependencyKind.Base => " [style = dotted]",
            DependencyKind.Source => " [style = dashed]",
            _ => "",
        };
}
