using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes test</c>.</summary>
internal static class TestCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Packages and images.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "Test every recipe that has a [test]." };
        var again = new Option<bool>("--again")
        {
            Description = "Run also what passed before, on the very same files.",
        };
        var command = new Command(
            "test",
            "Run the [test] of packages and images, offline, with only what they need at run time."
        )
        {
            names,
            all,
            again,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var wish = new TestWish(parsed.GetValue(names) ?? [], parsed.GetValue(all), parsed.GetValue(again));
                return RunAsync(new(host, options, parsed), wish, cancellationToken);
            }
        );
        return command;
    }

    private sealed record TestWish(string[] Names, bool All, bool Again);

    private static async Task<int> RunAsync(CommandContext context, TestWish wish, CancellationToken cancellationToken)
    {
        if (wish.All == (wish.Names.Length > 0))
            throw new UsageException("recipes test needs either NAME or --all");
        var graph = context.RequireGraph();
        var recipes = wish.All
            ? graph.Workspace.Recipes.Values.Select(x => x.Tested).OfType<TestedRecipe>().ToList()
            : [.. wish.Names.Select(x => RecipeNames.RequireTest(graph.Workspace, x))];
        await using var session = new BuildSession(context, graph);
        var report = await session.WatchAsync(x =>
            x.TestAsync([.. recipes.Select(r => r.Name)], wish.Again, cancellationToken)
        );
        if (context.WantsJson)
            Json.Write(context.Host.Out, TestJson.Of(report), CliJson.Default.TestJson);
        else
            TestView.Write(
                context.Host,
                report,
                wish.All ? WithoutTest(session.Project.Workspace) : [],
                session.Elapsed
            );
        return report.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }

    private static IEnumerable<string> WithoutTest(Workspace workspace) =>
        workspace
            .Recipes.Values.Where(x => x is PackageRecipe { Area: RecipeArea.Packages, Test: null })
            .Select(x => x.Name);
}
