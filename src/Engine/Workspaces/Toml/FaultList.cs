using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Workspaces.Toml;

/// <summary>The faults found in one file so far.</summary>
internal sealed class FaultList(SourceText source)
{
    public const int MaxFaults = 100;

    private readonly List<Diagnostic> _faults = [];

    public SourceText Source { get; } = source;

    public IReadOnlyList<Diagnostic> Faults => _faults;

    /// <summary>Adds a fault, unless there are so many that nobody will read it.</summary>
    public void Add(TextRange range, string message)
    {
        if (_faults.Count < MaxFaults)
            _faults.Add(new Diagnostic(Excerpt.OnOneLine(message), Source.Span(range)));
        else if (_faults.Count == MaxFaults)
            _faults.Add(new Diagnostic($"there are more faults; the first {MaxFaults} are shown", Source.Span(range)));
    }
}
