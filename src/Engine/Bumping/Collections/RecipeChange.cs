using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Bumping.Collections;

/// <summary>How a recipe differs between two states of its collection.</summary>
internal enum RecipeChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>Its text, its files, its pin, or what it takes over from others for its build differ.</summary>
    Changed,
}

/// <summary>A recipe that differs between two states of its collection.</summary>
/// <param name="Recipe">Its name.</param>
/// <param name="Kind">How.</param>
/// <param name="Before">Its version before; null where it has none, or was not there.</param>
/// <param name="After">Its version after.</param>
internal sealed record RecipeChange(string Recipe, RecipeChangeKind Kind, string? Before, string? After)
{
    /// <summary>All that differ, by name.</summary>
    public static ImmutableArray<RecipeChange> Between(
        IReadOnlyDictionary<string, Recipe> before,
        LockFile locksBefore,
        IReadOnlyDictionary<string, Recipe> after,
        LockFile locksAfter
    ) =>
        [
            .. before
                .Keys.Union(after.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(x => Of(before.GetValueOrDefault(x), locksBefore, after.GetValueOrDefault(x), locksAfter))
                .OfType<RecipeChange>(),
        ];

    /// <summary>The recipes of a workspace that are from collections: also those that it replaces.</summary>
    public static IReadOnlyDictionary<string, Recipe> Shared(Workspace workspace) =>
        workspace
            .Recipes.Values.Where(x => x.Collection is not null)
            .Concat(workspace.Replacements.Select(x => x.Replaced))
            .ToDictionary(x => x.Name, StringComparer.Ordinal);

    private static RecipeChange? Of(Recipe? before, LockFile locksBefore, Recipe? after, LockFile locksAfter) =>
        (before, after) switch
        {
            (null, { } added) => new(added.Name, RecipeChangeKind.Added, null, added.Version),
            ({ } removed, null) => new(removed.Name, RecipeChangeKind.Removed, removed.Version, null),
            ({ } old, { } now) => Content(old, locksBefore) == Content(now, locksAfter)
                ? null
                : new(old.Name, RecipeChangeKind.Changed, old.Version, now.Version),
            _ => null,
        };

    /// <summary>All that its build is made of, but for its needs themselves.</summary>
    private static Digest Content(Recipe recipe, LockFile locks)
    {
        var text = new KeyBuilder("recipe").Add(
            Digest.Of(RecipeText.Read(recipe).Bytes).ToString(),
            PinOf(recipe.Name, locks).ToString()
        );
        if (recipe is PackageRecipe package)
        {
            foreach (var (name, script) in BuildScript.Of(package).Files)
                text.AddRow('\t', name, Digest.OfText(script).ToString());
            foreach (var (name, value) in package.Build.Environment)
                text.AddRow('\t', name, value);
            text.AddRow('\t', ["needs", .. package.Build.AllNeeds.Select(x => x.ToString())]);
        }
        foreach (var file in RecipeFiles.List(recipe))
            text.AddRow(
                '\t',
                [file.RelativePath, $"{file.IsExecutable}", Digest.Of(File.ReadAllBytes(file.AbsolutePath)).ToString()]
            );
        return text.Digest;
    }

    private static Digest PinOf(string name, LockFile locks) =>
        (
            locks.Sources.TryGetValue(name, out var source)
                ? LockFile.Empty with
                {
                    Sources = LockFile.Empty.Sources.Add(name, source),
                }
            : locks.Seeds.TryGetValue(name, out var seed)
                ? LockFile.Empty with
                {
                    Seeds = LockFile.Empty.Seeds.Add(name, seed),
                }
            : locks.Artifacts.TryGetValue(name, out var artifact)
                ? LockFile.Empty with
                {
                    Artifacts = LockFile.Empty.Artifacts.Add(name, artifact),
                }
            : LockFile.Empty
        ).SemanticDigest;
}
