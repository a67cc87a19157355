using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Graph;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("check", "Check every recipe, and show all faults with their places.");
        command.SetAction(parsed => Run(new CommandContext(host, options, parsed)));
        return command;
    }

    private static int Run(CommandContext context)
    {
        var workspace = context.ReadWorkspace();
        var faults = workspace.Diagnostics.AddRange(RecipeGraph.Create(workspace).Diagnostics);
        var host = context.Host;
        if (context.WantsJson)
            Json.Write(host.Out, new CheckJson(workspace.Recipes.Count, [.. faults.Select(DiagnosticJson.Of)]), CliJson.Default.CheckJson);
        else
        {
            ErrorWriter.Write(host.Out, host.OutHasStyle, faults);
            host.Out.WriteLine($"{Quantities.Count(workspace.Recipes.Count, "recipe")}, {Quantities.Count(faults.Length, "fault")}");
        }
        return faults.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }
}
