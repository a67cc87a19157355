using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Collections;

namespace Recipes.Engine.Sources;

/// <summary>
/// The pins of a workspace: its own lock has those of its own recipes, and the lock of each collection those of the
/// recipes that are used from there.
/// </summary>
internal static class WorkspaceLocks
{
    /// <summary>All of them, in one.</summary>
    /// <exception cref="EngineException">A lock has faults.</exception>
    public static LockFile Read(Workspace workspace) =>
        workspace.Collections.Aggregate(LockFile.Read(workspace.LockPath), (all, collection) =>
        {
            var theirs = LockFile.Read(Workspace.LockPathAt(collection.Root), NameOf(collection));
            return new(
                all.Sources.SetItems(theirs.Sources.Where(x => IsFrom(x.Key, collection))),
                all.Seeds.SetItems(theirs.Seeds.Where(x => IsFrom(x.Key, collection)))
            )
            {
                Artifacts = all.Artifacts.SetItems(theirs.Artifacts.Where(x => IsFrom(x.Key, collection))),
            };

            bool IsFrom(string name, Collection place) =>
                workspace.Recipes.GetValueOrDefault(name)?.Collection == place;
        });

    /// <summary>Of all pins those that the workspace's own lock has.</summary>
    public static LockFile OwnOf(Workspace workspace, LockFile all)
    {
        return new(
            all.Sources.RemoveRange(all.Sources.Keys.Where(IsShared)),
            all.Seeds.RemoveRange(all.Seeds.Keys.Where(IsShared))
        )
        {
            Artifacts = all.Artifacts.RemoveRange(all.Artifacts.Keys.Where(IsShared)),
        };

        bool IsShared(string name) => workspace.Recipes.GetValueOrDefault(name)?.Collection is not null;
    }

    /// <summary>The lock that has the pin of a recipe, as messages name it.</summary>
    public static string NameOf(Recipe recipe) =>
        recipe.Collection is { } place ? NameOf(place) : WorkspaceFile.LockName;

    private static string NameOf(Collection collection) => $"{collection.Folder}/{WorkspaceFile.LockName}";
}
