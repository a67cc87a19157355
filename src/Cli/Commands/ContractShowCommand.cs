using System.CommandLine;
using Recipes.Cli.Output;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes contract show</c>.</summary>
internal static class ContractShowCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("WHAT")
        {
            Description =
                "A stack or image whose image is composed; an archive or layout of an image; a contract's file.",
        };
        var command = new Command("show", "List what an image has that others can rely on, one line each.") { name };
        command.SetAction(parsed => Run(new(host, options, parsed), parsed.GetRequiredValue(name)));
        return command;
    }

    private static int Run(CommandContext context, string name)
    {
        using var sides = new ContractSides(context);
        var contract = sides.Find(name);
        if (context.WantsJson)
            Json.Write(context.Host.Out, ContractJson.Of(contract), CliJson.Default.ContractJson);
        else
            ContractView.Write(context.Host.Out, contract);
        return ExitCode.Success;
    }
}
