using System.Diagnostics.CodeAnalysis;

namespace Recipes.Engine.Model;

/// <summary>
/// A pattern for relative paths with <c>/</c>: <c>**</c> as a whole folder name crosses folders (<c>a/**</c> is
/// everything below <c>a</c>, <c>**/x</c> is <c>x</c> anywhere), <c>*</c> and <c>?</c> do not cross, <c>[a-z]</c> and
/// <c>[!a]</c> are one character, <c>{a,b}</c> is one of several, <c>\</c> takes the next character as it is. Matching
/// takes time linear in the path whatever the pattern is. Instances are immutable and may be used by several threads.
/// </summary>
internal sealed class Glob : IEquatable<Glob>
{
    private readonly string _literalPrefix;
    private readonly GlobAutomaton? _automaton;

    private Glob(string pattern, string literalPrefix, GlobAutomaton? automaton)
    {
        Pattern = pattern;
        _literalPrefix = literalPrefix;
        _automaton = automaton;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Pattern { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="glob">The glob, if true is returned.</param>
    /// <param name="fault">What is wrong with the pattern, in a few words, if false is returned; else empty.</param>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out Glob? glob, out string fault)
    {
        try
        {
            var automaton = GlobCompiler.Compile(GlobParser.Parse(pattern));
            var literal = LiteralPrefix(pattern);
            glob = new Glob(pattern, literal, literal.Length == pattern.Length ? null : automaton);
            fault = "";
            return true;
        }
        catch (FormatException exception)
        {
            glob = null;
            fault = exception.Message;
            return false;
        }
    }

    /// <summary>Reads a pattern that is known to be good.</summary>
    /// <exception cref="FormatException">The pattern is not a glob.</exception>
    public static Glob Parse(string pattern) =>
        TryParse(pattern, out var glob, out var fault)
            ? glob
            : throw new FormatException($"bad glob '{pattern}': {fault}");

    /// <summary>True if the pattern describes the whole path.</summary>
    /// <param name="path">Relative, with <c>/</c>, without <c>.</c> and <c>..</c>.</param>
    public bool Matches(string path) =>
        _automaton is null
            ? string.Equals(path, _literalPrefix, StringComparison.Ordinal)
            : path.StartsWith(_literalPrefix, StringComparison.Ordinal) && _automaton.Accepts(path);

    /// <summary>False if it describes no path below a folder, which its part before the first wildcard tells.</summary>
    /// <param name="folder">Relative, without a slash at its end.</param>
    public bool MayMatchBelow(string folder)
    {
        var below = folder + "/";
        return _automaton is null
            ? _literalPrefix.StartsWith(below, StringComparison.Ordinal)
            : _literalPrefix.StartsWith(below, StringComparison.Ordinal)
                || below.StartsWith(_literalPrefix, StringComparison.Ordinal);
    }

    /// <inheritdoc />
    public bool Equals(Glob? other) =>
        other is not null && string.Equals(Pattern, other.Pattern, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Glob);

    /// <inheritdoc />
    public override int GetHashCode() => string.GetHashCode(Pattern, StringComparison.Ordinal);

    /// <summary>The pattern.</summary>
    public override string ToString() => Pattern;

    /// <summary>The part before the first special character: most paths are told apart by it alone.</summary>
    private static string LiteralPrefix(string pattern)
    {
        var end = pattern.AsSpan().IndexOfAny(@"*?[{\");
        return end < 0 ? pattern : pattern[..end];
    }
}
