using System.CommandLine;
using Recipes.Engine.Pictures;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes graph</c>.</summary>
internal static class GraphCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Recipes to start from; all by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var format = new Option<string>("--format", "-f")
        {
            Description = "tree, dot (Graphviz), mermaid, svg or json.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "tree",
        };
        format.CompletionSources.Add("tree", "dot", "mermaid", "svg", "json");
        format.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } word && FormatOf(word) is null)
                result.AddError($"unknown format '{word}'; there are: tree, dot, mermaid, svg, json");
        });
        var command = new Command("graph", "Show what depends on what.") { names, format };
        command.SetAction(parsed =>
            Run(new(host, options, parsed), parsed.GetValue(names) ?? [], parsed.GetRequiredValue(format))
        );
        return command;
    }

    private static int Run(CommandContext context, string[] names, string format)
    {
        var graph = context.RequireGraph();
        foreach (var name in names)
            RecipeNames.Require(graph.Workspace, name);
        var chosen = context.WantsJson ? GraphFormat.Json : FormatOf(format)!.Value;
        context.Host.Out.Write(GraphExport.Write(graph, names, chosen));
        return ExitCode.Success;
    }

    private static GraphFormat? FormatOf(string word) =>
        word switch
        {
            "tree" => GraphFormat.Tree,
            "dot" => GraphFormat.Dot,
            "mermaid" => GraphFormat.Mermaid,
            "svg" => GraphFormat.Svg,
            "json" => GraphFormat.Json,
            _ => null,
        };
}
