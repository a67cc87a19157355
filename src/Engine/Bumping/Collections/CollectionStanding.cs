using System.Collections.Immutable;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Bumping.Collections;

/// <summary>How a collection stands against its origin.</summary>
/// <param name="Collection">Its name.</param>
/// <param name="Commit">The commit it is at.</param>
/// <param name="Newest">The commit that the origin has; null if it could not be reached.</param>
/// <param name="Problem">Why not.</param>
internal sealed record CollectionStanding(string Collection, string Commit, string? Newest, MessageText? Problem)
{
    /// <summary>True if the origin is at another commit.</summary>
    public bool IsOutdated => Newest is not null && Newest != Commit;

    /// <summary>
    /// Asks the origins of all collections that are submodules of the workspace's repository, at once.
    /// </summary>
    public static async Task<ImmutableArray<CollectionStanding>> AskAsync(
        Workspace workspace,
        CancellationToken cancellationToken
    ) =>
        [
            .. await Task.WhenAll(
                workspace
                    .Collections.Select(x => CollectionRepository.Find(workspace, x))
                    .OfType<CollectionRepository>()
                    .Select(x => AskAsync(x, cancellationToken))
            ),
        ];

    private static async Task<CollectionStanding> AskAsync(
        CollectionRepository repository,
        CancellationToken cancellationToken
    )
    {
        var (name, pinned) = (repository.Collection.Name, repository.Pinned);
        try
        {
            return new(name, pinned, await repository.NewestAsync(cancellationToken), null);
        }
        catch (EngineException e)
        {
            return new(name, pinned, null, e.Text);
        }
    }
}
