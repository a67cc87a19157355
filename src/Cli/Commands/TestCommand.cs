using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Recipes;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes test</c>.</summary>
internal static class TestCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME") { Description = "Packages and images.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Test every recipe that has a [test]." };
        var again = new Option<bool>("--again") { Description = "Run also what passed before, on the very same files." };
        var command = new Command("test", "Run the [test] of packages and images, offline, with only what they need at run time.") { names, all, again };
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
        await using var session = new BuildSession(context);
        var recipes = wish.All
            ? session.Workspace.Recipes.Values.Where(x => x.Test is not null)
            : wish.Names.Select(x => RequireTest(session.Workspace, x));
        var report = await session.TestAsync([.. recipes.Select(x => x.Name)], wish.Again, cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, TestJson.Of(report), CliJson.Default.TestJson);
        else
            TestView.Write(context.Host, report, wish.All ? WithoutTest(session.Workspace) : [], session.Elapsed);
        return report.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }

    private static Recipe RequireTest(Workspace workspace, string name)
    {
        var recipe = RecipeNames.Require(workspace, name);
        return recipe.Test is not null
            ? recipe
            : throw new UsageException($"{recipe.File} has no [test]; write one: a script that ends with a status other than 0 where something is wrong");
    }

    private static IEnumerable<string> WithoutTest(Workspace workspace) =>
        workspace.Recipes.Values.Where(x => x is { Area: RecipeArea.Packages, Test: null, Build: not null }).Select(x => x.Name);
}
