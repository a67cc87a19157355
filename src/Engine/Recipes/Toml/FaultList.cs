using Recipes.Engine.Content;

namespace Recipes.Engine.Recipes.Toml;

/// <summary>The faults found in one file so far.</summary>
internal sealed class FaultList(SourceText source)
{
    private readonly List<Diagnostic> _faults = [];

    public SourceText Source { get; } = source;

    public IReadOnlyList<Diagnostic> Faults => _faults;

    public void Add(TextRange range, string message) =>
        _faults.Add(new Diagnostic(Excerpt.OnOneLine(message), Source.Span(range)));
}
