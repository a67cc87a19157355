using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Images;

/// <summary>How composing ended.</summary>
/// <param name="Image">The image, or null.</param>
/// <param name="Builds">How each package of the last plan ended; what an earlier plan built counts as built.</param>
/// <param name="Faults">Why there is no image though everything was built: missing sonames, conflicts, limits.</param>
/// <param name="WasCached">True if the very image was composed before.</param>
public sealed record ComposeReport(
    ImageResult? Image,
    BuildReport Builds,
    ImmutableArray<Diagnostic> Faults,
    bool WasCached
)
{
    /// <summary>The sources in it that are not pinned.</summary>
    public ImmutableArray<UnpinnedSource> Unpinned { get; init; } = [];

    /// <summary>
    /// True if the archive that was asked for was written; false where the file was that very archive already.
    /// </summary>
    public bool IsArchiveNew { get; init; }
}

/// <summary>Builds what an image includes, finds what that needs at run time, and composes the image.</summary>
/// <param name="workspace">The recipes.</param>
/// <param name="store">Takes the image.</param>
/// <param name="builder">Builds.</param>
/// <param name="observer">Is told of the progress of layers.</param>
internal sealed class Composer(Workspace workspace, ContentStore store, Builder builder, IEngineObserver observer)
{
    /// <summary>Composes an image into the store.</summary>
    /// <param name="image">The name of an image.</param>
    /// <param name="options">How to build.</param>
    /// <param name="cancellationToken">Ends running builds and layers; what is finished stays in the store.</param>
    /// <exception cref="EngineException">There is no such image; then nothing is built.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<ComposeReport> ComposeAsync(
        string image,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        var recipe = workspace.RequireImage(image);
        ImmutableSortedSet<string> targets = [image];
        BuildReport? earlier = null;
        while (true)
        {
            var ended = await builder.BuildAsync(
                [.. targets],
                options with
                {
                    RequiresClean = true,
                    Resume = null,
                },
                cancellationToken
            );
            var report = ended.After(earlier);
            earlier = report;
            if (!report.Succeeded)
                return new(null, report, [], WasCached: false);
            var closure = RuntimeClosure.Of(recipe, x => report.Outcomes.GetValueOrDefault(x)?.Result, store);
            if (!closure.Faults.IsEmpty)
                return new(null, report, closure.Faults, WasCached: false);
            if (closure.IsWhole)
            {
                var (composed, faults, wasCached) = await Task.Run(
                    () => ImageComposer.Compose(recipe, closure, store, observer, cancellationToken),
                    cancellationToken
                );
                return new(composed, report, faults, wasCached);
            }
            // Only the files that were built could tell that these are needed too.
            targets = targets.Union(closure.UnbuiltPackages);
        }
    }
}
