using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Graph;
using Recipes.Engine.Workspaces.Editing;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes add</c>.</summary>
internal static class AddCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "A package." };
        var needs = new Argument<string[]>("NEED")
        {
            Description = "Packages, or outputs as PACKAGE:OUTPUT.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("add", "Add needs to the [build] of a recipe; the rest of its file stays as it is.")
        {
            name,
            needs,
        };
        command.SetAction(parsed =>
            Run(new(host, options, parsed), parsed.GetRequiredValue(name), parsed.GetRequiredValue(needs))
        );
        return command;
    }

    private static int Run(CommandContext context, string name, string[] needs)
    {
        var workspace = context.RequireGraph().Workspace;
        var recipe = RecipeNames.RequirePackage(workspace, name);
        var edit = NeedEdit.Of(workspace, name, needs);
        var faults = edit.Edited.Diagnostics.IsEmpty
            ? RecipeGraph.Create(edit.Edited).Diagnostics
            : edit.Edited.Diagnostics;
        if (!faults.IsEmpty)
            throw new RecipeFaultsException(faults);
        edit.Write();
        var all = edit.Edited.RequirePackage(name).Build.Needs.Select(x => x.ToString());
        context.Host.Out.WriteLine($"{recipe.File}: needs {string.Join(", ", all)}");
        return ExitCode.Success;
    }
}
