using System.CommandLine;
using Recipes.Cli.Output;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes man</c>.</summary>
internal static class ManCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command("man", "Write the manual page recipes.1: every command, option and key.");
        command.SetAction(parsed =>
        {
            host.Out.Write(ManualPage.Write((RootCommand)parsed.RootCommandResult.Command));
            return ExitCode.Success;
        });
        return command;
    }
}
