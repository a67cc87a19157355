using Recipes.Cli.Output;
using Recipes.Engine.Images;
using Recipes.Engine.Recipes;

namespace Recipes.Cli.Commands;

/// <summary>An image that is to leave the store, for a daemon or a registry: it is composed first.</summary>
internal static class ShippedImage
{
    /// <summary>Composes an image; null if that failed, which is then said.</summary>
    public static async Task<ImageResult?> ComposeAsync(BuildSession session, CommandContext context, Recipe recipe, CancellationToken cancellationToken)
    {
        var report = await session.ComposeAsync(recipe.Name, cancellationToken);
        if (report.Image is null)
            ComposeView.WriteFailure(context.Host, report, session.Elapsed);
        return report.Image;
    }
}
