using System.CommandLine;
using System.Globalization;
using Recipes.Cli.Output;
using Recipes.Engine.Images;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sandboxes;

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
        var data = Many("--data", "Keep what the image writes to a volume in this folder; PATH if it has several.", "DIR[:PATH]");
        var variables = Many("--env", "Set a variable.", "NAME=VALUE", "-e");
        var ports = Many("--port", "Share this machine's network, so that this port of the image can be reached.", "PORT", "-p");
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
                var wishes = new RunWishes(
                    parsed.GetValue(arguments) ?? [],
                    parsed.GetValue(data) ?? [],
                    parsed.GetValue(variables) ?? [],
                    parsed.GetValue(ports) ?? [],
                    parsed.GetValue(allowUnpinned)
                );
                var context = new CommandContext(host, options, parsed);
                return await RunAsync(context, parsed.GetRequiredValue(image), wishes, interruption, cancellationToken);
            }
        );
        return command;
    }

    private static Option<string[]> Many(string name, string description, string help, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = help, Arity = ArgumentArity.OneOrMore };

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        RunWishes wishes,
        Interruption interruption,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        var recipe = RecipeNames.RequireImage(graph.Workspace, name);
        var plan = new RunPlan(recipe, wishes, context.Host);
        await using var session = new BuildSession(context, graph);
        var report = await session.ComposeAsync(name, wishes.AllowUnpinned, cancellationToken);
        if (report.Image is not { } image)
        {
            ComposeView.WriteFailure(context.Host, report, session.Elapsed);
            return ExitCode.Failure;
        }
        var request = plan.Request(ImageRoot.Of(session.Store, image));
        if (request.SharesNetwork)
            ErrorWriter.Warn(context.Host, SharedNetwork(recipe, wishes));
        using (interruption.LeaveToChild())
            return await new ImageRunner(session.Store).RunAsync(request, cancellationToken);
    }

    private static string SharedNetwork(Recipe recipe, RunWishes wishes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Name} shares this machine's network while it runs: reach it at {string.Join(", ", wishes.Ports.Select(x => $"127.0.0.1:{x}"))}, as can others where no firewall forbids it"
        );
}
