using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Daemons;
using Recipes.Engine.Model;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes try</c>.</summary>
internal static class TryCommand
{
    public static Command Create(CliHost host, GlobalOptions options, Interruption interruption)
    {
        var image = new Argument<string>("IMAGE") { Description = "A recipe with [image]; it is composed first." };
        var arguments = new Argument<string[]>("CMD")
        {
            Description = "What to run in place of the image's cmd; after -- if it has options.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var variables = new Option<string[]>("--env", "-e")
        {
            Description = "Set a variable.",
            HelpName = "NAME=VALUE",
            Arity = ArgumentArity.OneOrMore,
        };
        var allowUnpinned = BuildSession.AllowUnpinned();
        var command = new Command(
            "try",
            "Run an image in the Docker daemon, with its ports on 127.0.0.1, until Ctrl-C."
        )
        {
            image,
            arguments,
            variables,
            allowUnpinned,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
            {
                var words = parsed.GetValue(arguments) ?? [];
                OwnWords.Require(parsed, "try", parsed.GetRequiredValue(image), words);
                return RunAsync(
                    new(host, options, parsed),
                    parsed.GetRequiredValue(image),
                    words,
                    parsed.GetValue(variables) ?? [],
                    parsed.GetValue(allowUnpinned),
                    interruption,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        string[] arguments,
        string[] variables,
        bool allowUnpinned,
        Interruption interruption,
        CancellationToken cancellationToken
    )
    {
        var parsed = UsageException.Of(() => variables.Select(EnvironmentVariable.Parse).ToImmutableArray());
        var graph = context.RequireGraph();
        var recipe = RecipeNames.RequireImage(graph.Workspace, name);
        await using var session = new BuildSession(context, graph);
        using var daemon = await ShippedImage.ConnectAsync(context, cancellationToken);
        if (await session.ComposeAsync(recipe.Name, allowUnpinned, cancellationToken) is not { } image)
            return ExitCode.Failure;
        var request = new TrialRequest
        {
            Image = await ShippedImage.LoadAsync(daemon, session, context, image, [], cancellationToken),
            Spec = recipe.Image,
            Name = name,
            Arguments = [.. arguments],
            Variables = parsed,
        };
        await using var output = new TextWriterStream(context.Host.Out);
        using (interruption.Announce("stopping the container; once more to leave it running"))
            return await new ContainerTrial(daemon, new TrialView(context.Host.Error), output).RunAsync(
                request,
                cancellationToken
            );
    }
}
