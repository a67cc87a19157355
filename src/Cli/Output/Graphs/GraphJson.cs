using System.Collections.Immutable;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;

namespace Recipes.Cli.Output.Graphs;

/// <summary>The answer of <c>graph --json</c>.</summary>
internal sealed record GraphJson(ImmutableArray<NodeJson> Recipes, ImmutableArray<EdgeJson> Dependencies)
{
    public static GraphJson Of(GraphSelection graph) =>
        new(
            [.. graph.Recipes.Select(NodeJson.Of)],
            [.. graph.Recipes.SelectMany(x => graph.Dependencies[x.Name]).Select(EdgeJson.Of)]
        );
}

/// <summary>One recipe; its kind is <c>seed</c>, <c>package</c>, <c>image</c> or <c>source</c>.</summary>
internal sealed record NodeJson(string Name, string? Version, string Kind, string File)
{
    public static NodeJson Of(Recipe recipe) => new(recipe.Name, recipe.Version, KindOf(recipe), recipe.File);

    private static string KindOf(Recipe recipe) =>
        recipe.Image is not null ? "image"
        : recipe.Seed is not null ? "seed"
        : recipe.Build is not null ? "package"
        : "source";
}

/// <summary>One dependency, with the place where it is written.</summary>
internal sealed record EdgeJson(
    string From,
    string? FromOutput,
    string To,
    string? ToOutput,
    string Kind,
    string? File,
    int? Line
)
{
    public static EdgeJson Of(Dependency edge) =>
        new(
            edge.From,
            edge.FromOutput,
            edge.To,
            edge.ToOutput,
            edge.Kind.ToString().ToLowerInvariant(),
            edge.Span?.File,
            edge.Span?.Line
        );
}
