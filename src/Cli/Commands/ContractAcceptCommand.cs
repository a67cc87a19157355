using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes contract accept</c>.</summary>
internal static class ContractAcceptCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("STACK")
        {
            Description = "A recipe with [stack], whose image to run on is composed.",
        };
        var reason = new Option<string?>("--reason")
        {
            Description = "Why the contract is broken; the recipe's new major announces that it is.",
            HelpName = "TEXT",
        };
        var command = new Command("accept", "Make what a stack's image to run on has its contract: contract.txt.")
        {
            name,
            reason,
        };
        command.SetAction(parsed =>
            Run(new(host, options, parsed), parsed.GetRequiredValue(name), parsed.GetValue(reason))
        );
        return command;
    }

    private static int Run(CommandContext context, string name, string? reason)
    {
        var graph = context.RequireGraph();
        var stack = RecipeNames.RequireStack(graph.Workspace, name);
        using var project = context.OpenProject(graph: graph);
        var contract = project.ContractOf(stack);
        var file = Project.AcceptContract(contract, reason);
        var accepted = new AcceptedContract(file, contract);
        if (context.WantsJson)
            Json.Write(context.Host.Out, ContractAcceptJson.Of(accepted), CliJson.Default.ContractAcceptJson);
        else
            ContractView.Write(context.Host.Out, accepted);
        return ExitCode.Success;
    }
}
