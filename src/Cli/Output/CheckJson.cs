using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>check --json</c>.</summary>
internal sealed record CheckJson(int Recipes, ImmutableArray<DiagnosticJson> Diagnostics);

/// <summary>One fault; lines and columns count from 1, columns in UTF-16 units.</summary>
internal sealed record DiagnosticJson(string Message, string? File, int? Line, int? Column, int? Length)
{
    public static DiagnosticJson Of(Diagnostic diagnostic) =>
        new(
            RemedyWords.Of(diagnostic.Text),
            diagnostic.Span?.File,
            diagnostic.Span?.Line,
            diagnostic.Span?.Column,
            diagnostic.Span?.Length
        );
}
