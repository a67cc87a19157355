using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Contracts;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes contract diff</c>.</summary>
internal static class ContractDiffCommand
{
    public const string Verb = "diff";

    private const string Sides = "A stack or image; an archive or layout of an image; a contract's file.";

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var before = new Argument<string>("A") { Description = Sides };
        var after = new Argument<string>("B") { Description = "The same." };
        var command = new Command(Verb, "Show what B breaks of what A promises, and adds; 1 if it breaks something.")
        {
            before,
            after,
        };
        command.SetAction(parsed =>
            Run(new(host, options, parsed), parsed.GetRequiredValue(before), parsed.GetRequiredValue(after))
        );
        return command;
    }

    private static int Run(CommandContext context, string before, string after)
    {
        using var sides = new ContractSides(context);
        var difference = ContractDifference.Of(sides.Find(before), sides.Find(after));
        if (context.WantsJson)
            Json.Write(context.Host.Out, ContractDifferenceJson.Of(difference), CliJson.Default.ContractDifferenceJson);
        else
            ContractView.Write(context.Host.Out, difference);
        return difference.Broken.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }
}
