using System.Collections.Immutable;
using System.Text;

namespace Recipes.Engine.Authoring;

/// <summary>The arguments of a call of an m4 macro, without their quotes.</summary>
/// <remarks>
/// See the manual of GNU M4, 4.1 and 5.1: brackets quote, and commas part only outside of quotes and parentheses.
/// </remarks>
internal static class MacroArguments
{
    /// <summary>The arguments of the first call with any; empty if there is none.</summary>
    public static ImmutableArray<string> Of(string text, string macro)
    {
        var at = text.IndexOf(macro + "(", StringComparison.Ordinal);
        if (at < 0)
            return [];
        var arguments = ImmutableArray.CreateBuilder<string>();
        var current = new StringBuilder();
        var (quotes, parentheses) = (0, 1);
        for (var i = at + macro.Length + 1; i < text.Length; i++)
        {
            var c = text[i];
            quotes +=
                c == '[' ? 1
                : c == ']' ? -1
                : 0;
            if (quotes == 0)
                parentheses +=
                    c == '(' ? 1
                    : c == ')' ? -1
                    : 0;
            var isEnd = parentheses == 0;
            if (isEnd || (c == ',' && quotes == 0 && parentheses == 1))
            {
                arguments.Add(current.ToString().Trim());
                current.Clear();
                if (isEnd)
                    return arguments.ToImmutable();
            }
            else if (!(c == '[' && quotes == 1) && !(c == ']' && quotes == 0))
                current.Append(c);
        }
        return [];
    }
}
