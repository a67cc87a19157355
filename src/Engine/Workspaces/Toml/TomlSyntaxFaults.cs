using System.Text.RegularExpressions;
using Recipes.Engine.Content;
using Tomlyn.Syntax;

namespace Recipes.Engine.Workspaces.Toml;

/// <summary>
/// Tomlyn's faults in our words: one a line, since what follows the first on a line is its consequence.
/// </summary>
internal static partial class TomlSyntaxFaults
{
    private const int MaxMessage = 500;

    public static void Report(DiagnosticsBag diagnostics, FaultList faults)
    {
        DiagnosticMessage? last = null;
        foreach (var line in diagnostics.GroupBy(x => x.Span.Start.Line).OrderBy(x => x.Key))
        {
            var first = line.MinBy(x => x.Span.Start.Column)!;
            if (last is null || !Follows(first, last))
                faults.Add(TextRange.Of(first.Span), $"this is not TOML: {Reword(first.Message)}");
            last = first;
        }
    }

    /// <summary>What is unclosed on one line is often missed at the very start of the next.</summary>
    private static bool Follows(DiagnosticMessage fault, DiagnosticMessage last) =>
        fault.Span.Start.Line == last.Span.Start.Line + 1
        && fault.Span.Start.Column == 0
        && (LineShouldEnd().IsMatch(fault.Message) || fault.Message.Contains("[␤]", StringComparison.Ordinal));

    private static string Reword(string message)
    {
        // A token may be as long as the file.
        if (message.Length > MaxMessage)
            return Excerpt.Of(message);
        if (UnexpectedValue().Match(message) is { Success: true } value)
            return $"'{value.Groups[1].Value}' is not a value; a string needs quotes";
        if (LineShouldEnd().Match(message) is { Success: true } token)
            return $"'{token.Groups[1].Value}' is not expected here: the line should end";
        if (MissingEqual().Match(message) is { Success: true })
            return "a key needs '=' and a value after it";
        if (message.Contains("while expecting a value", StringComparison.Ordinal))
            return "the value is missing";
        if (message.Contains("newline in a string", StringComparison.Ordinal))
            return "the string has no closing quote on its line";
        if (
            message.Contains("closing `]`", StringComparison.Ordinal)
            || message.Contains("expecting `]`", StringComparison.Ordinal)
        )
            return "']' is missing";
        var plain = message.Replace('`', '\'').Replace("␤", "end of line", StringComparison.Ordinal);
        return string.Concat(plain[..1].ToLowerInvariant(), plain.AsSpan(1).TrimEnd('.'));
    }

    [GeneratedRegex("^Unexpected token `(.+)` for a value$")]
    private static partial Regex UnexpectedValue();

    [GeneratedRegex("^Unexpected token found `(.+?)`.* while expecting token `newline`$")]
    private static partial Regex LineShouldEnd();

    [GeneratedRegex("^Expecting `=` after a key")]
    private static partial Regex MissingEqual();
}
