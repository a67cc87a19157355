using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Images;
using Recipes.Engine.Pictures;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes compose</c>.</summary>
internal static class ComposeCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var image = new Argument<string>("IMAGE") { Description = "A recipe with [image]." };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The archive to write, for docker, podman and skopeo; IMAGE.oci.tar by default.",
            HelpName = "FILE",
        };
        var layout = new Option<string?>("--layout")
        {
            Description = "Write an OCI image layout into this folder; an archive only if --output is given too.",
            HelpName = "DIR",
        };
        var allowUnpinned = BuildSession.AllowUnpinned();
        var timeline = TimelineOption.Create();
        var command = new Command("compose", "Build what an image includes, and compose the image.")
        {
            image,
            output,
            layout,
            allowUnpinned,
            timeline,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetRequiredValue(image),
                    new(
                        parsed.GetValue(output),
                        parsed.GetValue(layout),
                        parsed.GetValue(allowUnpinned),
                        parsed.GetValue(timeline)
                    ),
                    cancellationToken
                )
        );
        return command;
    }

    private sealed record Targets(string? Output, string? Layout, bool AllowUnpinned, string? Timeline);

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        Targets targets,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        RecipeNames.RequireImage(graph.Workspace, name);
        await using var session = new BuildSession(context, graph, targets.Timeline);
        var folder = context.Host.CurrentDirectory;
        // An archive is wanted unless only a layout was asked for.
        var archive = targets.Output ?? (targets.Layout is null ? $"{name}.oci.tar" : null);
        var composed = await session.ComposeAsync(
            name,
            new ComposeRequest
            {
                AllowsUnpinned = targets.AllowUnpinned,
                Archive = archive is null ? null : Path.GetFullPath(archive, folder),
                Layout = targets.Layout is { } layout ? Path.GetFullPath(layout, folder) : null,
            },
            cancellationToken
        );
        var written = composed.Image is null ? [] : Written(targets.Layout, archive, composed.IsArchiveNew);
        if (context.WantsJson)
            Json.Write(context.Host.Out, ComposeJson.Of(composed, written), CliJson.Default.ComposeJson);
        else
            ComposeView.Write(context.Host, composed, written, session.Elapsed);
        return composed.Image is null ? ExitCode.Failure : ExitCode.Success;
    }

    private static List<WrittenImage> Written(string? layout, string? archive, bool isArchiveNew)
    {
        var written = new List<WrittenImage>();
        if (layout is not null)
            written.Add(new(layout, IsNew: true));
        if (archive is not null)
            written.Add(new(archive, isArchiveNew));
        return written;
    }
}
