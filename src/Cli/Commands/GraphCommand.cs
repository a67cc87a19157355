using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Cli.Output.Graphs;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes graph</c>.</summary>
internal static class GraphCommand
{
    private static readonly string[] Formats = ["tree", "dot", "mermaid", "json"];

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME") { Description = "Recipes to start from; all by default.", Arity = ArgumentArity.ZeroOrMore };
        var format = new Option<string>("--format", "-f")
        {
            Description = "tree, dot (Graphviz), mermaid or json.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "tree",
        };
        format.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } word && !Formats.Contains(word))
                result.AddError($"unknown format '{word}'; there are: {string.Join(", ", Formats)}");
        });
        var command = new Command("graph", "Show what depends on what.") { names, format };
        command.SetAction(parsed => Run(new(host, options, parsed), parsed.GetValue(names) ?? [], parsed.GetRequiredValue(format)));
        return command;
    }

    private static int Run(CommandContext context, string[] names, string format)
    {
        var graph = context.RequireGraph();
        foreach (var name in names)
            RecipeNames.Require(graph.Workspace, name);
        var selection = GraphSelection.Of(graph, names);
        var writer = context.Host.Out;
        switch (context.WantsJson ? "json" : format)
        {
            case "json":
                Json.Write(writer, GraphJson.Of(selection), CliJson.Default.GraphJson);
                break;
            case "dot":
                DotGraph.Write(selection, writer);
                break;
            case "mermaid":
                MermaidGraph.Write(selection, writer);
                break;
            default:
                TreeGraph.Write(selection, writer);
                break;
        }
        return ExitCode.Success;
    }
}
