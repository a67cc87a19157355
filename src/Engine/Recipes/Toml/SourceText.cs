using System.Text;

namespace Recipes.Engine.Recipes.Toml;

/// <summary>The text of a recipe and its lines. A byte order mark is gone, and all line ends are <c>\n</c>: a script in a
/// recipe must not change with the editor.</summary>
internal sealed class SourceText
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private string[]? _lines;

    /// <param name="file">Relative to the workspace.</param>
    /// <param name="text">The content.</param>
    public SourceText(string file, string text)
    {
        File = file;
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        Text = text.Contains('\r', StringComparison.Ordinal) ? text.Replace("\r\n", "\n", StringComparison.Ordinal) : text;
    }

    public string File { get; }

    public string Text { get; }

    private string[] Lines => _lines ??= Text.Split('\n');

    /// <exception cref="DecoderFallbackException">The bytes are not UTF-8.</exception>
    public static SourceText FromUtf8(string file, ReadOnlySpan<byte> bytes) => new(file, s_strictUtf8.GetString(bytes));

    public SourceSpan Span(TextRange range)
    {
        var line = range.Line < Lines.Length ? Lines[range.Line] : "";
        var end = range.EndLine == range.Line ? range.EndColumn : line.Length;
        return new SourceSpan(File, range.Line + 1, range.Column + 1, Math.Max(1, end - range.Column), line);
    }
}
