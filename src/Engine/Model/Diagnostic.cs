using System.Globalization;

namespace Recipes.Engine.Model;

/// <summary>A place in a file of the workspace.</summary>
/// <param name="File">Relative to the workspace: <c>pkgs/zlib/recipe.toml</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Length">Of the marked text on that line, at least 1.</param>
/// <param name="LineText">The whole line, to show with a caret below.</param>
public sealed record SourceSpan(string File, int Line, int Column, int Length, string LineText)
{
    /// <summary>Of a file as a whole: its first character, without its line.</summary>
    internal static SourceSpan OfFile(string file) => new(file, 1, 1, 1, "");

    /// <summary><c>file:line:column</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}

/// <summary>A fault that a person made in a file of the workspace.</summary>
/// <param name="Text">One sentence without a full stop; names the fault and, where it can, the fix.</param>
/// <param name="Span">The place; null where a fault has none.</param>
public sealed record Diagnostic(MessageText Text, SourceSpan? Span)
{
    /// <summary>Another place that the fault is about; null for none.</summary>
    public SourceSpan? Related { get; init; }

    /// <summary>The message in the engine's own words.</summary>
    public string Message => Text.ToString();

    /// <summary>
    /// <c>file:line:column: error: message</c>, the source line, and a caret below the fault; then the other place.
    /// </summary>
    public MessageText ToText()
    {
        if (Span is null)
            return $"error: {Text}";
        MessageText text = $"{Span}: error: {Text}\n{Marked(Span)}";
        return Related is null ? text : (MessageText)$"{text}\n{Related}: note: it is about this\n{Marked(Related)}";
    }

    private static string Marked(SourceSpan span)
    {
        // A tab before the fault has to stay a tab, or the caret would stand elsewhere.
        var indent = string.Concat(span.LineText.Take(span.Column - 1).Select(c => c == '\t' ? '\t' : ' '));
        var caret = new string('^', Math.Max(1, Math.Min(span.Length, span.LineText.Length - span.Column + 1)));
        return $"{span.LineText}\n{indent}{caret}";
    }

    /// <summary>The same in the engine's own words.</summary>
    public override string ToString() => ToText().ToString();
}
