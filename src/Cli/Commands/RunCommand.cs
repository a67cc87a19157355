using System.CommandLine;
using System.Globalization;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes run</c>.</summary>
internal static class RunCommand
{
    public static Command Create(CliHost host, GlobalOptions options, Interruption interruption)
    {
        var image = new Argument<string>("IMAGE") { Description = "A recipe with [image]; it is composed first." };
        var arguments = new Argument<string[]>("CMD")
        {
            Description = "What to run in place of the image's cmd; after -- if it has options.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var data = Many(
            "--data",
            "Keep what the image writes to a volume in this folder; PATH if it has several.",
            "DIR[:PATH]"
        );
        var variables = Many("--env", "Set a variable.", "NAME=VALUE", "-e");
        var ports = Many(
            "--port",
            "Reach a port of the image at [IP:]HOST:PORT (by pasta), or at its own number on a shared network.",
            "PORT",
            "-p"
        );
        var allowUnpinned = BuildSession.AllowUnpinned();
        var command = new Command("run", "Run an image in a sandbox, without a container engine.")
        {
            image,
            arguments,
            data,
            variables,
            ports,
            allowUnpinned,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var run = new RunArguments(
                    parsed.GetValue(arguments) ?? [],
                    parsed.GetValue(data) ?? [],
                    parsed.GetValue(variables) ?? [],
                    parsed.GetValue(ports) ?? []
                )
                {
                    CurrentDirectory = host.CurrentDirectory,
                    Terminal = host.Variable("TERM"),
                };
                var context = new CommandContext(host, options, parsed);
                OwnWords.Require(parsed, "run", parsed.GetRequiredValue(image), parsed.GetValue(arguments) ?? []);
                return await RunAsync(
                    context,
                    parsed.GetRequiredValue(image),
                    run,
                    parsed.GetValue(allowUnpinned),
                    interruption,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static Option<string[]> Many(string name, string description, string help, params string[] aliases) =>
        new(name, aliases)
        {
            Description = description,
            HelpName = help,
            Arity = ArgumentArity.OneOrMore,
        };

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        RunArguments arguments,
        bool allowUnpinned,
        Interruption interruption,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        var recipe = RecipeNames.RequireImage(graph.Workspace, name);
        var plan = UsageException.Of(() => new RunPlan(recipe, arguments));
        plan.RequireForwarding();
        await using var session = new BuildSession(context, graph);
        if (await session.ComposeAsync(name, allowUnpinned, cancellationToken) is not { } image)
            return ExitCode.Failure;
        if (plan.SharesNetwork)
            ErrorWriter.Warn(context.Host, SharedNetwork(recipe, plan));
        using (interruption.LeaveToChild())
            return await session.Project.RunAsync(image, plan, cancellationToken);
    }

    private static string SharedNetwork(Recipe recipe, RunPlan plan) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Name} shares this machine's network while it runs: reach it at "
                + $"{string.Join(", ", plan.Ports.Select(x => x.EndPoint))}, as can others where no "
                + $"firewall forbids it"
        );
}
