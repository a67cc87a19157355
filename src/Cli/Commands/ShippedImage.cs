using System.Collections.Immutable;
using Recipes.Cli.Output;
using Recipes.Engine.Daemons;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Cli.Commands;

/// <summary>An image that leaves the store, for a daemon or a registry: it is composed first.</summary>
internal static class ShippedImage
{
    /// <summary>Connects to the daemon that the <c>docker</c> command would use.</summary>
    public static Task<DockerConnection> ConnectAsync(CommandContext context, CancellationToken cancellationToken) =>
        DockerConnection.OpenAsync(DockerEndpoint.Find(context.Host.Variable), cancellationToken);

    /// <summary>Loads an image into a daemon, under these names or, without any, under its own reference.</summary>
    public static async Task<LoadedImage> LoadAsync(
        DockerConnection daemon,
        BuildSession session,
        CommandContext context,
        ImageResult image,
        ImmutableArray<ImageName> names,
        CancellationToken cancellationToken
    )
    {
        await using var progress = context.StartProgress();
        return await new DaemonLoad(daemon, session.Project.Store, progress).LoadAsync(
            image,
            names.IsEmpty ? [ImageName.Parse(image.Reference)] : names,
            cancellationToken
        );
    }
}
