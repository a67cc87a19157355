using System.Text;
using Recipes.Engine.Model;

namespace Recipes.Engine.Graph;

/// <summary>Writes a graph in the language of Graphviz.</summary>
internal static class DotWriter
{
    public static string Write(GraphPart part)
    {
        var text = new StringBuilder(
            "digraph recipes {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n"
        );
        foreach (var recipe in part.Recipes)
            text.Append("  ").Append(Quoted(recipe.Name)).Append(Attributes(recipe)).Append(";\n");
        foreach (var link in part.Links.Values.SelectMany(x => x))
        {
            text.Append("  ").Append(Quoted(link.From)).Append(" -> ").Append(Quoted(link.To));
            text.Append(" [label=")
                .Append(Quoted(link.Label))
                .Append(", style=")
                .Append(Style(link.Kind))
                .Append("];\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string Attributes(Recipe recipe) =>
        recipe switch
        {
            ImageRecipe => " [shape=box3d]",
            SeedRecipe => " [shape=ellipse]",
            _ => "",
        };

    private static string Style(DependencyKind kind) =>
        kind switch
        {
            DependencyKind.Base => "dotted",
            DependencyKind.Requirement => "dashed",
            DependencyKind.Inclusion => "bold",
            DependencyKind.Source => "dotted, color=gray",
            _ => "solid",
        };

    /// <summary>Names hold no quotes; see the key table.</summary>
    private static string Quoted(string text) => $"\"{text}\"";
}
