using System.CommandLine;
using System.CommandLine.Parsing;
using Recipes.Cli.Output;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Cli;

/// <summary>Says what is wrong with a command line, what was perhaps meant, and where to read on.</summary>
internal static class UsageErrors
{
    /// <summary>Writes the faults; returns the exit code.</summary>
    public static int Write(ParseResult parsed, CliHost host)
    {
        foreach (var message in Messages(parsed))
            ErrorWriter.Write(host, message);
        host.Error.WriteLine($"see: {PathOf(parsed.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Messages(ParseResult parsed)
    {
        // An unknown word is the cause; what is then said to be missing only follows from it.
        var unknown = parsed.UnmatchedTokens.Where(x => x != "--").ToList();
        if (
            unknown.FirstOrDefault(x => !x.StartsWith('-')) is { } word
            && parsed.CommandResult.Command.Subcommands.Count > 0
        )
            return [Unknown(word, parsed.CommandResult.Command)];
        if (unknown.Count > 0)
            return unknown.Select(x => Unknown(x, parsed.CommandResult.Command));
        return parsed.Errors.Select(x => Explain(x)).Distinct();
    }

    private static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var known = isOption ? OptionNames(command) : command.Subcommands.Where(x => !x.Hidden).Select(x => x.Name);
        var kind =
            isOption ? "option"
            : command.Subcommands.Count > 0 ? "command"
            : "argument";
        var nearest = Suggestion.Nearest(word.Split('=')[0], known);
        return $"unknown {kind} '{word}'" + (nearest is null ? "" : $"; did you mean '{nearest}'?");
    }

    private static IEnumerable<string> OptionNames(Command command) =>
        command
            .Options.Concat(Ancestors(command).SelectMany(x => x.Options).Where(x => x.Recursive))
            .SelectMany(x => x.Aliases.Prepend(x.Name));

    private static IEnumerable<Command> Ancestors(Command command) =>
        command.Parents.OfType<Command>().SelectMany(x => Ancestors(x).Prepend(x));

    private static string Explain(ParseError error) =>
        error.SymbolResult switch
        {
            CommandResult { Command: { Subcommands.Count: > 0 } command } => $"{PathOf(command)} needs a command: "
                + $"{string.Join(", ", command.Subcommands.Where(x => !x.Hidden).Select(x => x.Name))}",
            ArgumentResult { Tokens.Count: 0, Argument: var argument, Parent: CommandResult parent } =>
                $"{PathOf(parent.Command)} needs {argument.HelpName ?? argument.Name}",
            _ => error.Message.TrimEnd('.'),
        };

    private static string PathOf(Command command) =>
        string.Join(
            ' ',
            Ancestors(command).Reverse().Append(command).Select(x => x is RootCommand ? "recipes" : x.Name)
        );
}
