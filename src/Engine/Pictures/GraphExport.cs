using System.Collections.Immutable;
using Recipes.Engine.Graph;

namespace Recipes.Engine.Pictures;

/// <summary>A form in which a graph is written.</summary>
internal enum GraphFormat
{
    /// <summary>Lines with branches; what was shown before is not shown again.</summary>
    Tree,

    /// <summary>The language of Graphviz.</summary>
    Dot,

    /// <summary>A Mermaid flowchart.</summary>
    Mermaid,

    /// <summary>An object with <c>recipes</c> and <c>dependencies</c>.</summary>
    Json,

    /// <summary>A picture, readable in light and dark.</summary>
    Svg,
}

/// <summary>Writes a graph, or the part of it that some recipes depend on, for people and programs.</summary>
internal static class GraphExport
{
    /// <summary>The text, with <c>\n</c> at the end of each line.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">The recipes to begin with; none for the whole graph.</param>
    /// <param name="format">The form.</param>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public static string Write(RecipeGraph graph, IReadOnlyCollection<string> names, GraphFormat format)
    {
        var part = GraphPart.Of(graph, names);
        return format switch
        {
            GraphFormat.Tree => TreeWriter.Write(part),
            GraphFormat.Dot => DotWriter.Write(part),
            GraphFormat.Svg => SvgWriter.Write(part),
            GraphFormat.Mermaid => MermaidWriter.Write(part),
            _ => GraphJsonWriter.Write(part),
        };
    }
}
