using System.Text;

namespace Recipes.Engine.Model;

/// <summary>
/// Reads a pattern into its parts. Faults are <see cref="FormatException"/>s, which do not leave <see cref="Glob"/>.
/// </summary>
internal sealed class GlobParser
{
    /// <summary>Longer patterns are mistakes, and the time to match a path grows with the length.</summary>
    private const int MaximumLength = 1024;
    private const int MaximumDepth = 8;

    private readonly Rune[] _pattern;
    private int _position;

    private GlobParser(string pattern) => _pattern = [.. pattern.EnumerateRunes()];

    public static IReadOnlyList<GlobNode> Parse(string pattern)
    {
        CheckPath(pattern);
        return new GlobParser(pattern).Sequence(depth: 0);
    }

    /// <summary>Faults that concern the pattern as a path.</summary>
    private static void CheckPath(string pattern)
    {
        if (pattern.Length == 0)
            throw new FormatException("it is empty");
        if (pattern.Length > MaximumLength)
            throw new FormatException($"it is longer than {MaximumLength} characters");
        if (pattern[0] == '/')
            throw new FormatException("it has to be relative; leave out the '/' at its start");
        if (pattern[^1] == '/')
            throw new FormatException("it ends in '/'; write '/**' for everything below");
        foreach (var segment in pattern.Split('/'))
        {
            if (segment.Length == 0)
                throw new FormatException("it has '//'");
            if (segment is "." or "..")
                throw new FormatException("'.' and '..' have no meaning in it");
        }
    }

    private bool At(char c) => _position < _pattern.Length && _pattern[_position].Value == c;

    private bool Take(char c)
    {
        if (!At(c))
            return false;
        _position++;
        return true;
    }

    private List<GlobNode> Sequence(int depth)
    {
        var nodes = new List<GlobNode>();
        while (_position < _pattern.Length && !(depth > 0 && (At(',') || At('}'))))
        {
            var rune = _pattern[_position++];
            nodes.Add(
                rune.Value switch
                {
                    '*' => Take('*') ? new GlobNode.Folders() : new GlobNode.Star(),
                    '?' => new GlobNode.One(),
                    '[' => new GlobNode.Class(Class()),
                    '{' => Choice(depth + 1),
                    '}' => throw new FormatException("'}' without '{'"),
                    '\\' => Escaped(),
                    _ => new GlobNode.Literal(rune),
                }
            );
        }
        return nodes;
    }

    private GlobNode.Literal Escaped()
    {
        if (_position == _pattern.Length)
            throw new FormatException(@"'\' at its end");
        return new GlobNode.Literal(_pattern[_position++]);
    }

    private GlobNode.Choice Choice(int depth)
    {
        if (depth > MaximumDepth)
            throw new FormatException($"'{{' nested deeper than {MaximumDepth}");
        var alternatives = new List<IReadOnlyList<GlobNode>>();
        do alternatives.Add(Sequence(depth));
        while (Take(','));
        if (!Take('}'))
            throw new FormatException("'{' without '}'");
        return new GlobNode.Choice(alternatives);
    }

    private GlobClass Class()
    {
        var negated = Take('!');
        var ranges = new List<(Rune, Rune)>();
        do
        {
            var first = ClassMember();
            var last = first;
            if (At('-') && _position + 1 < _pattern.Length && _pattern[_position + 1].Value != ']')
            {
                _position++;
                last = ClassMember();
            }
            if (last < first)
                throw new FormatException($"the range '{first}-{last}' is the wrong way round");
            ranges.Add((first, last));
        } while (!Take(']'));
        return new GlobClass(negated, ranges);
    }

    private Rune ClassMember()
    {
        if (_position == _pattern.Length)
            throw new FormatException("'[' without ']'");
        var rune = _pattern[_position++];
        if (rune.Value == '/')
            throw new FormatException("'/' inside '[…]'");
        return rune;
    }
}
