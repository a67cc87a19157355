using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Collections;

namespace Recipes.Engine.Bumping.Collections;

/// <summary>
/// Moves a collection to another commit: reviewed from a copy of that commit, and only then checked out and staged.
/// </summary>
/// <param name="graph">Of a workspace without faults.</param>
/// <param name="locks">Its pins.</param>
/// <param name="store">Holds the copy, and knows how long builds took.</param>
internal sealed class CollectionBumper(RecipeGraph graph, LockFile locks, ContentStore store)
{
    private Workspace Workspace => graph.Workspace;

    /// <summary>Fetches, reviews, and where that is wanted builds, moves and commits.</summary>
    /// <param name="collection">One that the workspace itself uses.</param>
    /// <param name="revision">A branch, tag or commit; null for what the origin has now.</param>
    /// <param name="plan">What to do besides the review; see <see cref="BumpPlan"/>.</param>
    /// <param name="message">Writes the message of a commit of the move; null for no commit.</param>
    /// <param name="build">Makes what builds a workspace with its pins, and says how.</param>
    /// <param name="cancellationToken">Stops it; the workspace is then as it was.</param>
    /// <returns>Null where it is at that commit already.</returns>
    /// <exception cref="EngineException">
    /// It is no submodule, has changes, there is no such revision, or something does not build.
    /// </exception>
    public async Task<CollectionBumpResult?> RunAsync(
        Collection collection,
        string? revision,
        BumpPlan plan,
        Func<CollectionReview, string>? message,
        (Func<RecipeGraph, LockFile, Builder> New, BuildOptions Options) build,
        CancellationToken cancellationToken
    )
    {
        var repository = CollectionRepository.Of(Workspace, collection);
        await repository.RequireCleanAsync(cancellationToken);
        var (before, after) = (repository.Pinned, await repository.FetchAsync(revision, cancellationToken));
        if (before == after)
            return null;
        var commit = message is null
            ? null
            : await BumpCommit.PrepareAsync(
                Superproject.Find(Workspace.Root),
                Workspace.Root,
                [repository.At(after).Path],
                cancellationToken
            );
        using var scratch = store.CreateScratch("collection");
        var copy = Directory.CreateDirectory(Path.Join(scratch.Path, "files")).FullName;
        await repository.LayDownAsync(after, copy, cancellationToken);
        var edited = RecipeGraph.Create(
            await LoadAsync(repository, after, Path.GetFullPath(repository.Inside, copy), cancellationToken)
        );
        var (ahead, behind) = await repository.CountAsync(before, after, cancellationToken);
        var review = Review(
            new()
            {
                Collection = collection.Name,
                Before = before,
                After = after,
                Ahead = ahead,
                Behind = behind,
            },
            edited
        );
        if (!review.Faults.IsEmpty)
            return new(review, IsChanged: false, Commit: null);
        if (plan.Builds)
            review = review with { Built = await BuildAsync(review, edited, build, cancellationToken) };
        if (!plan.Changes || !plan.Allows(review.Built))
            return new(review, IsChanged: false, Commit: null);
        await repository.MoveAsync(after, cancellationToken);
        if (commit is null)
            return new(review, IsChanged: true, Commit: null);
        try
        {
            var made = await commit.WriteAsync([], repository.At(after), message!(review), CancellationToken.None);
            return new(review, IsChanged: true, made);
        }
        catch
        {
            await repository.MoveAsync(before, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The workspace as it would be.</summary>
    private async Task<Workspace> LoadAsync(
        CollectionRepository repository,
        string commit,
        string copy,
        CancellationToken cancellationToken
    )
    {
        var moved = Workspace.Collections.ToDictionary(x => x.Name, x => x.Root, StringComparer.Ordinal);
        moved[repository.Collection.Name] = copy;
        foreach (var reference in WorkspaceFile.Find(copy)?.Collections ?? [])
        {
            // A submodule of a submodule is not in the copy: it has to be what is checked out elsewhere already.
            var link = await repository.GitlinkAsync(commit, reference.Path, cancellationToken);
            if (
                link is not null
                && link
                    != (
                        moved.TryGetValue(reference.Name, out var root)
                            ? await HeadOfAsync(root, cancellationToken)
                            : null
                    )
            )
                throw new EngineException(
                    $"the collection '{repository.Collection.Name}' then uses another commit of the collection "
                        + $"'{reference.Name}', which this does not move; check both out by hand, and stage "
                        + $"'{repository.Collection.Folder}'"
                );
        }
        return Workspace.Load(Workspace.Root, [], moved, cancellationToken);
    }

    private static async Task<string?> HeadOfAsync(string root, CancellationToken cancellationToken) =>
        Superproject.Find(root) is { } module
        && await new GitProgram(module.GitFolder, module.Root).RunAsync(["rev-parse", "HEAD"], cancellationToken)
            is { IsSuccess: true } answer
            ? answer.StandardOutput.Trim()
            : null;

    private CollectionReview Review(CollectionReview review, RecipeGraph after)
    {
        var edited = after.Workspace;
        if (edited.Diagnostics.AddRange(after.Diagnostics) is { IsEmpty: false } faults)
            return review with { Faults = faults };
        if (LockCheck.Of(edited) is { IsEmpty: false } unpinned)
            return review with { Faults = unpinned };
        var (sharedBefore, sharedAfter) = (RecipeChange.Shared(Workspace), RecipeChange.Shared(edited));
        var changes = RecipeChange.Between(sharedBefore, locks, sharedAfter, WorkspaceLocks.Read(edited));
        var history = new BuildHistory(store);
        var impact = ImpactOf(after, changes);
        return review with
        {
            Recipes = changes,
            Lagging =
            [
                .. edited
                    .Replacements.Select(x =>
                        (x.Recipe, Change: changes.FirstOrDefault(c => c.Recipe == x.Recipe.Name))
                    )
                    .Where(x => x.Change is not null)
                    .Select(x => new LaggingReplacement(
                        x.Recipe.Name,
                        x.Recipe.File,
                        x.Recipe.Version,
                        x.Change!.Before,
                        x.Change.After
                    )),
            ],
            Rebuilds = [.. impact.Packages.Select(x => new Rebuild(x, history.Find(x)?.Seconds))],
            Images = impact.Images,
        };
    }

    /// <summary>A recipe that something of the workspace replaces reaches nothing.</summary>
    private static Impact ImpactOf(RecipeGraph after, ImmutableArray<RecipeChange> changes) =>
        Impact.Of(
            after,
            [
                .. changes
                    .Select(x => x.Recipe)
                    .Where(x => after.Workspace.Recipes.GetValueOrDefault(x) is { Collection: not null }),
            ]
        );

    /// <summary>What is not built now is not built for a comparison either.</summary>
    private async Task<BumpBuild> BuildAsync(
        CollectionReview review,
        RecipeGraph after,
        (Func<RecipeGraph, LockFile, Builder> New, BuildOptions Options) build,
        CancellationToken cancellationToken
    )
    {
        var packages = BuiltPackages.Find(graph, locks, store, cancellationToken);
        var impact = ImpactOf(after, review.Recipes);
        var targets = review.Recipes.Select(x => x.Recipe).Where(x => packages.Find(x) is not null);
        var builder = new BumpBuilder(
            store,
            Workspace,
            packages,
            after,
            build.New(after, WorkspaceLocks.Read(after.Workspace))
        );
        return await builder.RunAsync(
            review.Collection,
            [.. targets.Where(impact.Packages.Contains)],
            impact with
            {
                Images = [.. impact.Images.Where(Workspace.Recipes.ContainsKey)],
            },
            build.Options,
            cancellationToken
        );
    }
}
