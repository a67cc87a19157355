using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes fetch</c>.</summary>
internal static class FetchCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Recipes; what they need is fetched too.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "Fetch the sources of all recipes." };
        var unpack = new Option<bool>("--unpack")
        {
            Description = "Unpack and patch them too, so that builds start at once.",
        };
        var command = new Command("fetch", "Download pinned sources, so that builds need no network.")
        {
            names,
            all,
            unpack,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(names) is { Length: > 0 }))
                result.AddError("recipes fetch needs either NAMEs or --all");
        });
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetValue(names) ?? [],
                    parsed.GetValue(unpack),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string[] names,
        bool unpack,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        foreach (var name in names)
            RecipeNames.Require(graph.Workspace, name);
        int count;
        await using (var progress = context.StartProgress())
        {
            await using var project = context.OpenProject(progress, graph);
            count = await project.FetchAsync(names, unpack, cancellationToken);
        }
        await context.Host.Out.WriteLineAsync($"{Quantities.Count(count, "source")} in the store");
        return ExitCode.Success;
    }
}
