using Recipes.Engine.Model;
using Tomlyn.Syntax;

namespace Recipes.Engine.Workspaces.Toml;

/// <summary>A part of a text, in UTF-16 units from its start; the end is exclusive.</summary>
internal readonly record struct TextRange(int Start, int End)
{
    /// <summary>The first character of the text, for faults of the whole file.</summary>
    public static TextRange FirstCharacter => new(0, 1);

    /// <summary>
    /// Tomlyn's spans end on their last character; its columns count code points, but its offsets do not.
    /// </summary>
    public static TextRange Of(Tomlyn.Syntax.SourceSpan span) => new(span.Start.Offset, span.End.Offset + 1);

    public static TextRange Of(SyntaxNode first, SyntaxNode last) =>
        new(first.Span.Start.Offset, last.Span.End.Offset + 1);
}
