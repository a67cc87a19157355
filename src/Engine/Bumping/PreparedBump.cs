using System.Collections.Immutable;
using System.Text;
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
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Bumping;

/// <summary>
/// A bump that was reviewed and not made yet: the new source is in the store, and the workspace is as it was.
/// </summary>
internal sealed class PreparedBump
{
    private const string LockName = "recipes.lock";

    private readonly RecipeGraph before;
    private readonly LockFile locksBefore;
    private readonly Workspace edited;
    private readonly LockFile locks;
    private readonly EditedRecipes recipes;
    private readonly ContentStore store;

    internal PreparedBump(
        RecipeGraph before,
        LockFile locksBefore,
        Workspace edited,
        LockFile locks,
        EditedRecipes recipes,
        ContentStore store
    ) =>
        (this.before, this.locksBefore, this.edited, this.locks, this.recipes, this.store) = (
            before,
            locksBefore,
            edited,
            locks,
            recipes,
            store
        );

    /// <summary>What it changes; after <see cref="BuildAsync"/> with what that showed.</summary>
    public required BumpReview Review { get; set; }

    private string Root => before.Workspace.Root;

    private string SourcePath => before.Workspace.RequireSource(Review.Recipe).Path;

    private ImmutableArray<string> Files => [.. recipes.Texts.Select(x => x.File), LockName];

    /// <summary>
    /// Builds what the source is for, and every image that holds it and was built before; the review then compares.
    /// </summary>
    /// <param name="newBuilder">Makes what builds a workspace with a lock.</param>
    /// <param name="options">How to build.</param>
    /// <param name="cancellationToken">Ends running builds; what is finished stays in the store.</param>
    /// <exception cref="EngineException">Something does not build, or an image can no longer be composed.</exception>
    public async Task BuildAsync(
        Func<RecipeGraph, LockFile, Builder> newBuilder,
        BuildOptions options,
        CancellationToken cancellationToken
    )
    {
        RequirePatches();
        var after = RecipeGraph.Create(edited);
        var packages = BuiltPackages.Find(before, locksBefore, store, cancellationToken);
        var builder = new BumpBuilder(store, before.Workspace, packages, after, newBuilder(after, locks));
        Review = Review with { Built = await builder.RunAsync(Review.Recipe, options, cancellationToken) };
    }

    /// <summary>
    /// Sees whether <see cref="ApplyAsync"/> will be able to commit, which it is better to know before building.
    /// </summary>
    /// <exception cref="EngineException">It will not.</exception>
    public Task CheckCommitAsync(CancellationToken cancellationToken) =>
        PrepareCommitAsync(Superproject.Find(Root), cancellationToken);

    /// <summary>Moves the gitlink, edits the recipes and writes the lock: all of it, or nothing.</summary>
    /// <param name="message">The message of a commit of exactly that; null for no commit.</param>
    /// <param name="cancellationToken">
    /// Stops git before anything is written; afterwards the bump is finished or undone.
    /// </param>
    /// <returns>The commit, or null.</returns>
    /// <exception cref="EngineException">
    /// A patch does not apply, or something cannot be written; the workspace is as it was.
    /// </exception>
    public async Task<string?> ApplyAsync(string? message, CancellationToken cancellationToken)
    {
        RequirePatches();
        var project = Superproject.Find(Root);
        var commit = message is null ? null : await PrepareCommitAsync(project, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var module = Submodule.Of(edited.RequireSource(Review.Recipe), Review.After);
        var change = WorkspaceChange.Begin(Root, project, Files, SourcePath);
        string? made = null;
        try
        {
            RequireUnchanged();
            var own = WorkspaceLocks.OwnOf(edited, locks);
            change.Write(
                [.. recipes.Texts.Select(x => (x.File, x.Bytes)), (LockName, Encoding.UTF8.GetBytes(own.ToText()))],
                module
            );
            if (commit is not null)
                made = await commit.WriteAsync(Files, module, message!, CancellationToken.None);
        }
        catch
        {
            change.Undo();
            throw;
        }
        change.Keep();
        if (commit is not null)
            await commit.RefreshAsync(Files, CancellationToken.None);
        return made;
    }

    private Task<BumpCommit> PrepareCommitAsync(Superproject? project, CancellationToken cancellationToken) =>
        BumpCommit.PrepareAsync(project, Root, [.. Files, SourcePath], cancellationToken);

    /// <summary>A build may have taken an hour, in which a person edited on.</summary>
    private void RequireUnchanged()
    {
        var changed = recipes
            .Originals.Where(x =>
                !RecipeText
                    .Read(before.Workspace.Recipes.Values.First(r => r.File == x.File))
                    .Bytes.AsSpan()
                    .SequenceEqual(x.Bytes)
            )
            .Select(x => x.File);
        if (WorkspaceLocks.Read(before.Workspace).SemanticDigest != locksBefore.SemanticDigest)
            changed = changed.Append(LockName);
        if (changed.FirstOrDefault() is { } file)
            throw new EngineException(
                $"{file} has changed since the bump began; nothing was changed. Run the command again: what was "
                    + $"built is kept"
            );
    }

    private void RequirePatches()
    {
        if (!Review.FailedPatches.IsEmpty)
            throw new EngineException(
                $"{string.Join(", ", Review.FailedPatches.Select(x => $"'{x.File}'"))} of '{Review.Recipe}' no "
                    + $"longer {(Review.FailedPatches.Length == 1 ? "applies" : "apply")}; nothing was changed"
            );
    }
}
