using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Images;
using Recipes.Engine.Model;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes load</c>.</summary>
internal static class LoadCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var image = new Argument<string>("IMAGE") { Description = "A recipe with [image]; it is composed first." };
        var tags = new Option<string[]>("--tag", "-t")
        {
            Description = "What to call it at the daemon; IMAGE:VERSION by default.",
            HelpName = "NAME[:TAG]",
            Arity = ArgumentArity.OneOrMore,
        };
        var allowUnpinned = BuildSession.AllowUnpinned();
        var command = new Command(
            "load",
            "Load an image into the Docker daemon ($DOCKER_HOST), except for layers that it has."
        )
        {
            image,
            tags,
            allowUnpinned,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetRequiredValue(image),
                    [.. (parsed.GetValue(tags) ?? []).Select(Parse).Distinct()],
                    parsed.GetValue(allowUnpinned),
                    cancellationToken
                )
        );
        return command;
    }

    private static ImageName Parse(string text)
    {
        try
        {
            return ImageName.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        ImmutableArray<ImageName> names,
        bool allowUnpinned,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        var recipe = RecipeNames.RequireImage(graph.Workspace, name);
        await using var session = new BuildSession(context, graph);
        // A daemon that is missing is better known before the builds.
        using var daemon = await ShippedImage.ConnectAsync(context, cancellationToken);
        if (await session.ComposeAsync(recipe.Name, allowUnpinned, cancellationToken) is not { } image)
            return ExitCode.Failure;
        var loaded = await ShippedImage.LoadAsync(daemon, session, context, image, names, cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, LoadJson.Of(loaded, image), CliJson.Default.LoadJson);
        else
            LoadView.Write(context.Host.Out, loaded, image);
        return ExitCode.Success;
    }
}
