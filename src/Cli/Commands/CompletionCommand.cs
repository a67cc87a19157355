using System.CommandLine;
using Recipes.Cli.Completion;
using Recipes.Cli.Output;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes completion</c>, and <c>recipes __complete</c>, which its scripts ask.</summary>
internal static class CompletionCommand
{
    /// <summary>Writes the script of a shell.</summary>
    public static Command Create(CliHost host)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var word }] && !CompletionScripts.Shells.Contains(word))
                result.AddError(
                    $"there is no completion for '{word}'; there is one for: "
                        + $"{string.Join(", ", CompletionScripts.Shells)}"
                );
        });
        var command = new Command(
            "completion",
            "Write the script that completes commands, options, recipes and outputs in a shell."
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            host.Out.Write(CompletionScripts.Of(parsed.GetRequiredValue(shell)));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Answers with a candidate a line: the word, a tab, its meaning.</summary>
    public static Command CreateAnswer(CliHost host, GlobalOptions options)
    {
        var words = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("__complete", "Answer a shell's question for completions of a line.") { words };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var root = (RootCommand)parsed.RootCommandResult.Command;
            var completer = new Completer(root, new WorkspaceCandidates(host, options).Of);
            foreach (var candidate in completer.Complete(parsed.GetValue(words) ?? []))
                host.Out.WriteLine($"{candidate.Word}\t{Printable.Line(candidate.Meaning)}");
            return ExitCode.Success;
        });
        return command;
    }
}
