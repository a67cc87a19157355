using System.Collections.Immutable;
using System.Text;

namespace Recipes.Engine.Model;

/// <summary>
/// The shell script of a step. Where variables are filled in, <c>{word}</c> is one: lower-case letters, digits and
/// <c>-</c>, the first a letter. <c>${word}</c> is the shell's own, as are all other braces.
/// </summary>
/// <param name="Text">As it is written.</param>
/// <param name="Words">What it has in braces: each name, and where it stands.</param>
internal sealed record StepScript(string Text, ImmutableArray<RecipeReference> Words)
{
    /// <summary>A script whose places nobody will be told.</summary>
    public static StepScript Of(string text) =>
        new(text, [.. Find(text).Select(x => new RecipeReference(x.Word, null))]);

    /// <summary>The words in braces and the offsets of their opening braces.</summary>
    public static IEnumerable<(string Word, int Start)> Find(string text)
    {
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            if (open > 0 && text[open - 1] == '$')
                continue;
            var end = open + 1;
            while (
                end < text.Length
                && (char.IsAsciiLetterLower(text[end]) || char.IsAsciiDigit(text[end]) || text[end] == '-')
            )
                end++;
            if (end < text.Length && text[end] == '}' && char.IsAsciiLetterLower(text[open + 1]))
                yield return (text[(open + 1)..end], open);
        }
    }

    /// <summary>The script with its variables filled in.</summary>
    /// <param name="value">
    /// The text for a word; null takes the word away, and a blank before it: a list without items.
    /// </param>
    public string Fill(Func<string, string?> value)
    {
        var filled = new StringBuilder();
        var done = 0;
        foreach (var (word, start) in Find(Text))
        {
            filled.Append(Text, done, start - done);
            done = start + word.Length + 2;
            if (value(word) is { } text)
                filled.Append(text);
            else if (filled.Length > 0 && filled[^1] == ' ')
                filled.Length--;
        }
        return filled.Append(Text, done, Text.Length - done).ToString();
    }
}
