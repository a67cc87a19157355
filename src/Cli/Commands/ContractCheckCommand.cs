using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Contracts;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes contract check</c>.</summary>
internal static class ContractCheckCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("STACK") { Description = "A recipe with [stack], whose images are composed." };
        var command = new Command(
            "check",
            "Hold a stack to its contract; 1 if something promised is gone or changed, or its two images do not fit."
        )
        {
            name,
        };
        command.SetAction(parsed => Run(new(host, options, parsed), parsed.GetRequiredValue(name)));
        return command;
    }

    private static int Run(CommandContext context, string name)
    {
        var graph = context.RequireGraph();
        var stack = RecipeNames.RequireStack(graph.Workspace, name);
        using var project = context.OpenProject(graph: graph);
        var contract = project.ContractOf(stack);
        var check = new ContractCheck(contract, project.MisfitsOf(contract));
        if (context.WantsJson)
            Json.Write(context.Host.Out, ContractCheckJson.Of(check), CliJson.Default.ContractCheckJson);
        else
            ContractView.Write(context.Host.Out, check);
        ErrorWriter.Write(context.Host.Error, context.Host.ErrorHasStyle, contract.Faults());
        return check.IsKept ? ExitCode.Success : ExitCode.Failure;
    }
}
