using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes explain</c>.</summary>
internal static class ExplainCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "A package or image." };
        var command = new Command(
            "explain",
            "Show why a package has to be built, before it is built: the causes, and not what follows from them."
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
        RecipeNames.RequireBuildable(graph.Workspace, name);
        using var project = context.OpenProject(graph: graph);
        var forecast = project.Forecast(name);
        var explanation = project.Explain(name, forecast);
        if (context.WantsJson)
            Json.Write(context.Host.Out, ExplanationJson.Of(explanation, forecast), CliJson.Default.ExplanationJson);
        else
        {
            ExplanationView.Write(context.Host.Out, name, explanation);
            ForecastView.Write(context.Host.Out, graph.Workspace.Recipes[name], forecast);
        }
        return ExitCode.Success;
    }
}
