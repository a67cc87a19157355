using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Contracts;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes contract diff</c>.</summary>
internal static class ContractDiffCommand
{
    private const string Sides = "A stack or image; an archive or layout of an image; a contract's file (.txt).";

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var before = new Argument<string>("BEFORE") { Description = Sides };
        var after = new Argument<string>("AFTER") { Description = "The same." };
        var command = new Command(
            "diff",
            "Show what AFTER breaks of what BEFORE promises, and adds; 0 if nothing breaks, 1 if something, 2 if it cannot "
                + "be told."
        )
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
        var difference = Compare(context, before, after);
        if (context.WantsJson)
            Json.Write(context.Host.Out, ContractDifferenceJson.Of(difference), CliJson.Default.ContractDifferenceJson);
        else
            ContractView.Write(context.Host.Out, difference);
        return difference.Broken.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    private static ContractDifference Compare(CommandContext context, string before, string after)
    {
        try
        {
            using var sides = new ContractSides(context);
            var (old, current) = sides.FindBoth(before, after);
            return ContractDifference.Of(old, current);
        }
        catch (EngineException e)
        {
            // A script has to tell trouble from a break.
            throw new UsageException(e.Text);
        }
        catch (RecipeFaultsException e)
        {
            ErrorWriter.Write(context.Host.Error, context.Host.ErrorHasStyle, e.Diagnostics);
            throw new UsageException($"{Quantities.Count(e.Diagnostics.Length, "fault")}; nothing was compared");
        }
    }
}
