using System.Text;
using Recipes.Engine.Model;

namespace Recipes.Engine.Workspaces.Toml;

/// <summary>The text of a recipe and its lines. A byte order mark is gone, and all line ends are <c>\n</c>: a script in
/// a recipe must not change with the editor.</summary>
internal sealed class SourceText
{
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );
    private const int MaxLine = 1000;

    private int[]? _lineStarts;
    private (int Line, string Text) _shown = (-1, "");

    /// <param name="file">Relative to the workspace.</param>
    /// <param name="text">The content.</param>
    public SourceText(string file, string text)
    {
        File = file;
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        Text = text.Contains('\r', StringComparison.Ordinal)
            ? text.Replace("\r\n", "\n", StringComparison.Ordinal)
            : text;
    }

    public string File { get; }

    public string Text { get; }

    /// <exception cref="DecoderFallbackException">The bytes are not UTF-8.</exception>
    public static SourceText FromUtf8(string file, ReadOnlySpan<byte> bytes) => new(file, StrictUtf8.GetString(bytes));

    /// <summary>The line, from 0, of a place in the text.</summary>
    public int LineOf(int offset)
    {
        _lineStarts ??= LineStarts();
        var found = Array.BinarySearch(_lineStarts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The place as people are told it; of a range over several lines, the part on the first.</summary>
    public SourceSpan Span(TextRange range)
    {
        var line = LineOf(range.Start);
        var start = _lineStarts![line];
        var end = line + 1 < _lineStarts.Length ? _lineStarts[line + 1] - 1 : Text.Length;
        var length = Math.Max(1, Math.Min(range.End, end) - range.Start);
        return new SourceSpan(File, line + 1, range.Start - start + 1, length, Shown(line, start, end));
    }

    /// <summary>
    /// A line may have as many places as characters: they share one text, which is cut where no screen shows it anyway.
    /// </summary>
    private string Shown(int line, int start, int end)
    {
        if (_shown.Line != line)
            _shown = (
                line,
                end - start <= MaxLine ? Text[start..end] : string.Concat(Text.AsSpan(start, MaxLine), "…")
            );
        return _shown.Text;
    }

    private int[] LineStarts()
    {
        var starts = new List<int> { 0 };
        for (var i = Text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = Text.IndexOf('\n', i + 1))
            starts.Add(i + 1);
        return [.. starts];
    }
}
