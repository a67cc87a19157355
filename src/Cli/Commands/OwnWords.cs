using System.CommandLine;
using System.CommandLine.Parsing;

namespace Recipes.Cli.Commands;

/// <summary>The words of a command line that go to the program of an image.</summary>
internal static class OwnWords
{
    /// <summary>
    /// Fails for an option that no command has and that stands before <c>--</c>: more likely it was meant for the
    /// command than for the image's program, which would take it in silence.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="image">The image.</param>
    /// <param name="words">What goes to the program.</param>
    /// <exception cref="UsageException">There is such an option.</exception>
    public static void Require(ParseResult parsed, string command, string image, IReadOnlyList<string> words)
    {
        var before = parsed
            .Tokens.TakeWhile(x => x.Type != TokenType.DoubleDash)
            .Where(x => x.Type == TokenType.Argument)
            .Select(x => x.Value)
            .ToHashSet(StringComparer.Ordinal);
        if (words.FirstOrDefault(x => x.Length > 1 && x[0] == '-' && before.Contains(x)) is { } option)
            throw new UsageException(
                $"'{option}' is not an option of {command}; if it is for the image's program, write it after --: "
                    + $"recipes {command} {image} -- {string.Join(' ', words)}"
            );
    }
}
