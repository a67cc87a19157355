using System.Collections.Frozen;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>
/// Checks SPDX licence expressions (SPDX specification 2.3, annex D): identifiers with <c>+</c>, <c>WITH</c> an
/// exception, <c>AND</c>, <c>OR</c>, parentheses, and <c>LicenseRef-</c> for licences that SPDX does not know.
/// </summary>
internal sealed class SpdxExpression
{
    private const int MaximumDepth = 16;
    private readonly List<string> _tokens;
    private int _position;

    private SpdxExpression(string text) => _tokens = Tokens(text);

    private string? Current => _position < _tokens.Count ? _tokens[_position] : null;

    /// <summary>What is wrong with the expression, or null.</summary>
    public static string? Fault(string text)
    {
        try
        {
            var expression = new SpdxExpression(text);
            if (expression.Current is null)
                return "it is empty";
            expression.Compound(0);
            return expression.Current is null ? null : expression.Unexpected();
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static List<string> Tokens(string text) =>
        [
            .. text.Replace("(", " ( ", StringComparison.Ordinal)
                .Replace(")", " ) ", StringComparison.Ordinal)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ];

    private void Compound(int depth)
    {
        do Term(depth);
        while (Take("AND") || Take("OR"));
    }

    private void Term(int depth)
    {
        if (depth > MaximumDepth)
            throw new FormatException($"parentheses nested deeper than {MaximumDepth}");
        if (Take("("))
        {
            Compound(depth + 1);
            if (!Take(")"))
                throw new FormatException(Current is null ? "'(' without ')'" : Unexpected());
            return;
        }
        License();
        if (Take("WITH"))
            Identifier("exception", SpdxIdentifiers.Exceptions);
    }

    private void License()
    {
        const string Own = "LicenseRef-";
        if (Current is { } own && own.StartsWith(Own, StringComparison.Ordinal))
        {
            if (own.Length == Own.Length || !own.All(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '-'))
                throw new FormatException($"'{own}' has to have letters, digits, '.' and '-' after 'LicenseRef-'");
            _position++;
            return;
        }
        Identifier("license", SpdxIdentifiers.Licenses);
    }

    private void Identifier(string noun, FrozenSet<string> known)
    {
        if (Current is not { } word || word is "AND" or "OR" or "WITH" or "(" or ")")
            throw new FormatException(
                Current is null ? $"a {noun} is missing at its end" : $"a {noun} is missing before '{Current}'"
            );
        var plain = noun == "license" && word.EndsWith('+') ? word[..^1] : word;
        if (!known.Contains(plain))
        {
            var fix = Suggestion.For(plain, known)
                ?? (noun == "license" ? "one that SPDX does not have is written 'LicenseRef-…'" : null);
            throw new FormatException($"SPDX has no {noun} '{plain}'" + (fix is null ? "" : $"; {fix}"));
        }
        _position++;
    }

    private string Unexpected() => $"'{Current}' is not expected there; licenses are joined with AND and OR";

    private bool Take(string token)
    {
        if (!string.Equals(Current, token, StringComparison.Ordinal))
            return false;
        _position++;
        return true;
    }
}
