using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Images;

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
                    new(parsed.GetValue(output), parsed.GetValue(layout), parsed.GetValue(allowUnpinned), parsed.GetValue(timeline)),
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
        var report = await session.ComposeAsync(name, targets.AllowUnpinned, cancellationToken);
        var written = report.Image is { } image ? await WriteAsync(context, session, image, targets, cancellationToken) : [];
        if (context.WantsJson)
            Json.Write(context.Host.Out, ComposeJson.Of(report, written), CliJson.Default.ComposeJson);
        else
            ComposeView.Write(context.Host, report, written, session.Elapsed);
        return report.Image is null ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<List<WrittenImage>> WriteAsync(
        CommandContext context,
        BuildSession session,
        ImageResult image,
        Targets targets,
        CancellationToken cancellationToken
    )
    {
        await using var progress = context.StartProgress();
        var folder = context.Host.CurrentDirectory;
        var written = new List<WrittenImage>();
        if (targets.Layout is { } layout)
        {
            await Task.Run(() => OciLayout.Write(session.Store, image, Path.GetFullPath(layout, folder), progress, cancellationToken), cancellationToken);
            written.Add(new(layout, IsNew: true));
        }
        if (targets.Output is not null || targets.Layout is null)
        {
            var file = targets.Output ?? $"{image.Name}.oci.tar";
            var isNew = await Task.Run(() => OciArchive.Write(session.Store, image, Path.GetFullPath(file, folder), progress, cancellationToken), cancellationToken);
            written.Add(new(file, isNew));
        }
        return written;
    }
}
