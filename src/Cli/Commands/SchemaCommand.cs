using System.CommandLine;
using Recipes.Engine.Workspaces.Format;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes schema</c>.</summary>
internal static class SchemaCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Command("schema", "Write the JSON Schema of recipe.toml, for editors.");
        command.SetAction(_ =>
        {
            host.Out.Write(RecipeFormat.Schema());
            return ExitCode.Success;
        });
        return command;
    }
}
