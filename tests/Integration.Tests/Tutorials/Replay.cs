using System.Collections.Immutable;
using System.Text;

namespace Recipes.Integration.Tests.Tutorials;

/// <summary>What a command of a tutorial gave.</summary>
internal sealed record CommandAnswer(int ExitCode, string Out, string Error);

/// <summary>Does what the reader of a tutorial does, and holds what it gives against what the tutorial shows.</summary>
/// <param name="write">Writes a file: its path in the workspace, and its text.</param>
/// <param name="run">Runs a command there.</param>
/// <param name="accepts">Whether to take what the commands give for what is expected.</param>
internal sealed class Replay(Action<string, string> write, Func<string, Task<CommandAnswer>> run, bool accepts)
{
    /// <summary>Replays a tutorial; its text, which differs from before only if answers are accepted.</summary>
    /// <exception cref="ReplayException">An answer, or how a command ended, is not as expected.</exception>
    public async Task<string> RunAsync(Tutorial tutorial)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var kept = 0;
        foreach (var step in tutorial.Steps)
        {
            if (step is WriteStep file)
                write(file.Path, file.Text);
            if (step is not CommandStep command)
                continue;
            var answer = await run(command.Text);
            if (answer.ExitCode != (command.Fails ? 1 : 0))
                throw new ReplayException(
                    tutorial,
                    command,
                    $"returned {answer.ExitCode}, not {(command.Fails ? 1 : 0)}:\n{answer.Out}{answer.Error}"
                );
            var compared = new ExpectedAnswer(command.Expected).Compare(
                SplitLines(command.Fails ? answer.Out + answer.Error : answer.Out)
            );
            if (!accepts && compared.Any(x => !x.Agrees))
                throw new ReplayException(
                    tutorial,
                    command,
                    $"answered otherwise (- expected, + got):\n{string.Join('\n', compared)}\nIf that is right: "
                        + $"ACCEPT=1 writes it into the tutorial."
                );
            lines.AddRange(tutorial.Lines[kept..command.Line]);
            lines.AddRange(
                compared.Where(x => x is { Got: not null, IsMore: false }).Select(x => x.Expected ?? x.Got!)
            );
            kept = command.Line + command.Expected.Length;
        }
        lines.AddRange(tutorial.Lines[kept..]);
        return string.Join('\n', lines);
    }

    private static ImmutableArray<string> SplitLines(string text) =>
        text.Length == 0 ? [] : [.. text.TrimEnd('\n').Split('\n').Select(x => x.TrimEnd())];
}

/// <summary>A command of a tutorial did not do what the tutorial says.</summary>
internal sealed class ReplayException(Tutorial tutorial, CommandStep command, string what)
    : Exception($"{tutorial.File}:{command.Line}: $ {command.Text}\n{what}");
