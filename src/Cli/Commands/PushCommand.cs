using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Pushing;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes push</c>.</summary>
internal static class PushCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var image = new Argument<string>("IMAGE") { Description = "A recipe with [image]; it is composed first." };
        var target = new Argument<string>("REGISTRY/REPOSITORY[:TAG]")
        {
            Description = "Where to; the tag is the image's version by default. Log in with: docker login REGISTRY.",
        };
        var insecure = new Option<bool>("--insecure")
        {
            Description = "Allow plain HTTP to a registry on another machine.",
        };
        var allowUnpinned = BuildSession.AllowUnpinned();
        var command = new Command("push", "Push an image to a registry.") { image, target, insecure, allowUnpinned };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetRequiredValue(image),
                    Parse(parsed.GetRequiredValue(target)),
                    parsed.GetValue(insecure),
                    parsed.GetValue(allowUnpinned),
                    cancellationToken
                )
        );
        return command;
    }

    private static RegistryReference Parse(string text)
    {
        try
        {
            return RegistryReference.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        RegistryReference target,
        bool isInsecure,
        bool allowUnpinned,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        var recipe = RecipeNames.RequireImage(graph.Workspace, name);
        await using var session = new BuildSession(context, graph);
        if (await session.ComposeAsync(recipe.Name, allowUnpinned, cancellationToken) is not { } image)
            return ExitCode.Failure;
        var options = new RegistryOptions { AllowsPlainHttp = isInsecure };
        if (context.Host.Variable("DOCKER_CONFIG") is { Length: > 0 } folder)
            options = options with { DockerConfigFolder = Path.GetFullPath(folder, context.Host.CurrentDirectory) };
        PushResult pushed;
        await using (var progress = context.StartProgress())
            pushed = await new RegistryPush(session.Project.Store, options, progress).PushAsync(
                image,
                target,
                cancellationToken
            );
        if (context.WantsJson)
            Json.Write(context.Host.Out, PushJson.Of(pushed), CliJson.Default.PushJson);
        else
            PushView.Write(context.Host.Out, pushed, session.Elapsed);
        return ExitCode.Success;
    }
}
