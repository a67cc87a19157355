using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sources;

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
        var faults = Faults(workspace);
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

    // The lock is held against all recipes, so only once all of them could be read.
    private static ImmutableArray<Diagnostic> Faults(Workspace workspace)
    {
        var faults = workspace.Diagnostics.AddRange(RecipeGraph.Create(workspace).Diagnostics);
        return faults.IsEmpty ? LockCheck.Of(workspace.Recipes.Values, LockFile.Read(workspace.LockPath)) : faults;
    }
}
