using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes sources show</c>.</summary>
internal static class SourcesShowCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "A package, or a recipe that pins a source." };
        var command = new Command(
            "show",
            "Show the trees that a build starts from, with their patches, and where they are."
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
        var recipe = RecipeNames.Require(graph.Workspace, name);
        using var project = context.OpenProject(graph: graph);
        if (recipe.WrittenSource is null)
            UsageException.Of(recipe.RequireSource);
        var sources = project.SourcesOf(recipe);
        if (context.WantsJson)
        {
            Json.Write(
                context.Host.Out,
                new SourcesJson(recipe.Name, [.. sources.Select(SourceJson.Of)]),
                CliJson.Default.SourcesJson
            );
            return ExitCode.Success;
        }
        foreach (var source in sources)
        {
            context.Host.Out.WriteLine($"/{source.Path}: source of {source.Recipe}, {source.Pinned.Oci}");
            foreach (var patch in source.Patches)
                context.Host.Out.WriteLine($"  patch {patch}");
            context.Host.Out.WriteLine(
                source.Folder is { } folder
                    ? $"  {folder}"
                    : $"  not in the store; recipes fetch --unpack {recipe.Name} brings it"
            );
        }
        return ExitCode.Success;
    }
}
