using System.CommandLine;
using System.CommandLine.Completions;

namespace Recipes.Cli.Completion;

/// <summary>Something that a shell may offer.</summary>
/// <param name="Word">As it is put in.</param>
/// <param name="Meaning">A line about it; may be empty.</param>
internal sealed record Candidate(string Word, string Meaning);

/// <summary>Finds what may come next on a command line.</summary>
/// <param name="root">The whole command line.</param>
/// <param name="argument">What an argument of this name may be, given the line so far.</param>
internal sealed class Completer(RootCommand root, Func<Argument, ParseResult, IEnumerable<Candidate>> argument)
{
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>
    /// What the last word, perhaps an empty one, may become; nothing where it names a file or is free.
    /// </summary>
    /// <param name="words">The line without the program's own name.</param>
    public IEnumerable<Candidate> Complete(IReadOnlyList<string> words)
    {
        var current = words.Count == 0 ? "" : words[^1];
        string[] before = [.. words.SkipLast(1)];
        return Candidates(root.Parse(before, Parser), before, current)
            .Where(x => x.Word.StartsWith(current, StringComparison.Ordinal) && !before.Contains(x.Word));
    }

    private IEnumerable<Candidate> Candidates(ParseResult parsed, string[] before, string current)
    {
        if (before.Contains("--"))
            return [];
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Any(x => !x.StartsWith('-')))
            return []; // An unknown command.
        var options = Options(command).ToList();
        if (before.Length > 0 && options.Find(x => TakesValue(x) && Names(x).Contains(before[^1])) is { } waiting)
            return waiting.GetCompletions(CompletionContext.Empty).Select(x => new Candidate(x.Label, ""));
        if (current.StartsWith('-'))
            return options.Where(x => !x.Hidden).Select(x => new Candidate(x.Name, x.Description ?? ""));
        if (command.Subcommands.Count > 0)
            return command.Subcommands.Where(x => !x.Hidden).Select(x => new Candidate(x.Name, x.Description ?? ""));
        var next = command.Arguments.FirstOrDefault(x =>
            (parsed.GetResult(x)?.Tokens.Count ?? 0) < x.Arity.MaximumNumberOfValues
        );
        return next is null ? [] : argument(next, parsed);
    }

    private static IEnumerable<Option> Options(Command command) =>
        command.Options.Concat(Ancestors(command).SelectMany(x => x.Options).Where(x => x.Recursive)).Distinct();

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(x => Ancestors(x).Prepend(x));

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static bool TakesValue(Option option) =>
        option.Arity.MinimumNumberOfValues > 0 || option.Arity.MaximumNumberOfValues > 1;
}
