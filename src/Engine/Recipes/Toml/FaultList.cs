using System.Globalization;

namespace Recipes.Engine.Recipes.Toml;

/// <summary>The faults found in one file so far.</summary>
internal sealed class FaultList(SourceText source)
{
    private readonly List<Diagnostic> _faults = [];

    public SourceText Source { get; } = source;

    public IReadOnlyList<Diagnostic> Faults => _faults;

    public void Add(TextRange range, string message) =>
        _faults.Add(new Diagnostic(OnOneLine(message), Source.Span(range)));

    /// <summary>What a message quotes may hold anything, line breaks and a terminal's commands too.</summary>
    private static string OnOneLine(string message) =>
        message.Any(char.IsControl)
            ? string.Concat(message.Select(x => char.IsControl(x) ? Escaped(x) : x.ToString()))
            : message;

    private static string Escaped(char c) =>
        c switch
        {
            '\n' => "\\n",
            '\t' => "\\t",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
}
