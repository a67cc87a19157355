using Recipes.Engine.Graph;

namespace Recipes.Cli.Output.Graphs;

/// <summary>A graph as an indented tree; what was drawn above is named again, but not drawn again.</summary>
internal sealed class TreeGraph(GraphSelection graph, TextWriter writer)
{
    private readonly HashSet<string> drawn = new(StringComparer.Ordinal);

    public static void Write(GraphSelection graph, TextWriter writer)
    {
        var tree = new TreeGraph(graph, writer);
        foreach (var root in graph.Roots)
        {
            writer.WriteLine(root);
            tree.WriteBelow(root, "");
        }
    }

    private void WriteBelow(string recipe, string indent)
    {
        if (!drawn.Add(recipe))
            return;
        var edges = graph.EdgesOf(recipe).ToList();
        foreach (var (number, edge) in edges.Index())
        {
            var isLast = number == edges.Count - 1;
            var isKnown = drawn.Contains(edge.To) && graph.Dependencies[edge.To].Any();
            writer.WriteLine($"{indent}{(isLast ? "└── " : "├── ")}{edge.To}{Suffix(edge.Kind)}{(isKnown ? " (see above)" : "")}");
            WriteBelow(edge.To, indent + (isLast ? "    " : "│   "));
        }
    }

    private static string Suffix(DependencyKind kind) =>
        kind switch
        {
            DependencyKind.Base => " (base)",
            DependencyKind.Source => " (source)",
            DependencyKind.Requirement => " (at run time)",
            _ => "",
        };
}
