using Tomlyn.Syntax;

namespace Recipes.Engine.Recipes.Toml;

/// <summary>A part of a text: lines and columns from 0, in UTF-16 units; the end is exclusive and on or after the start.</summary>
internal readonly record struct TextRange(int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>The first character of the text, for faults of the whole file.</summary>
    public static TextRange Start => new(0, 0, 0, 1);

    /// <summary>Tomlyn's spans end on their last character.</summary>
    public static TextRange Of(Tomlyn.Syntax.SourceSpan span) =>
        new(span.Start.Line, span.Start.Column, span.End.Line, span.End.Column + 1);

    public static TextRange Of(SyntaxNode first, SyntaxNode last) =>
        new(first.Span.Start.Line, first.Span.Start.Column, last.Span.End.Line, last.Span.End.Column + 1);
}
