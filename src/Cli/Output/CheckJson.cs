using System.Collections.Immutable;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>check --json</c>.</summary>
internal sealed record CheckJson(int Recipes, ImmutableArray<DiagnosticJson> Diagnostics)
{
    /// <summary>Null where nothing is replaced.</summary>
    public ImmutableArray<ReplacementJson>? Replacements { get; init; }
}

/// <summary>A recipe of a collection that another one takes the place of.</summary>
/// <param name="Name">Of both.</param>
/// <param name="Collection">Whose recipe is replaced.</param>
/// <param name="File">Of the one that counts.</param>
/// <param name="Replaced">The file of the other.</param>
/// <param name="Affects">Packages and images that are built with it, in order.</param>
internal sealed record ReplacementJson(
    string Name,
    string Collection,
    string File,
    string Replaced,
    ImmutableArray<string> Affects
)
{
    public static ReplacementJson Of(Replacement replacement, RecipeGraph graph)
    {
        var (recipe, replaced) = (replacement.Recipe, replacement.Replaced);
        var impact = Impact.Of(graph, recipe.Name);
        return new(
            recipe.Name,
            replaced.Collection!.Name,
            recipe.File,
            replaced.File,
            [.. impact.Packages.Concat(impact.Images).Where(x => x != recipe.Name)]
        );
    }
}

/// <summary>One fault; lines and columns count from 1, columns in UTF-16 units.</summary>
internal sealed record DiagnosticJson(string Message, string? File, int? Line, int? Column, int? Length)
{
    /// <summary>Another place that it is about, as <c>file:line:column</c>; null for none.</summary>
    public string? Related { get; init; }

    public static DiagnosticJson Of(Diagnostic diagnostic) =>
        new(
            RemedyWords.Of(diagnostic.Text),
            diagnostic.Span?.File,
            diagnostic.Span?.Line,
            diagnostic.Span?.Column,
            diagnostic.Span?.Length
        )
        {
            Related = diagnostic.Related?.ToString(),
        };
}
