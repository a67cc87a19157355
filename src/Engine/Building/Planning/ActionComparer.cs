using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Building.Planning;

/// <summary>Finds which parts of an action differ from those of the action that ran before.</summary>
internal sealed class ActionComparer(ContentStore store)
{
    private const string Source = "build/";
    private const string RecipeFolder = "recipe/";
    private const string StepFolder = RecipeFolder + BuildScript.Folder + "/";

    /// <summary>All differences, the nearest to a person's edit first.</summary>
    public ImmutableArray<ActionDifference> Compare(ActionParts before, ActionParts after, BuildScript script) =>
        [
            .. Texts(ActionPart.Environment, before.Environment, after.Environment),
            .. Steps(before, after),
            .. Files(before, after, script),
            .. Needs(before, after),
            .. Texts(ActionPart.Limit, before.Limits, after.Limits),
        ];

    private static IEnumerable<ActionDifference> Texts(
        ActionPart part,
        ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> after
    ) =>
        from name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
        let old = before.GetValueOrDefault(name)
        let current = after.GetValueOrDefault(name)
        where old != current
        select new ActionDifference(part, name, old, current, null, old is null, current is null);

    private static IEnumerable<ActionDifference> Steps(ActionParts before, ActionParts after)
    {
        var (old, current) = (string.Join(' ', before.Steps), string.Join(' ', after.Steps));
        return old == current ? [] : [new(ActionPart.Steps, "steps", old, current)];
    }

    private IEnumerable<ActionDifference> Files(ActionParts before, ActionParts after, BuildScript script)
    {
        if (!store.HasListing(before.InputRoot))
            yield break;
        var (old, current) = (store.ReadTree(before.InputRoot), store.ReadTree(after.InputRoot));
        var parts = TreeDifference
            .Of(old, current)
            .Where(x => PartOf(x.Path) is not null)
            .ToLookup(x => PartOf(x.Path)!.Value);
        foreach (var step in parts[ActionPart.Step])
            yield return Step(old, step, script);
        if (Summary(ActionPart.RecipeFile, RecipeFolder, [.. parts[ActionPart.RecipeFile]]) is { } file)
            yield return file;
        if (Summary(ActionPart.Source, Source, [.. parts[ActionPart.Source]]) is { } source)
            yield return source;
    }

    private static ActionPart? PartOf(string path) =>
        path.StartsWith(StepFolder, StringComparison.Ordinal) ? ActionPart.Step
        : path.StartsWith(RecipeFolder, StringComparison.Ordinal) ? ActionPart.RecipeFile
        : path.StartsWith(Source, StringComparison.Ordinal) ? ActionPart.Source
        : null;

    private static ActionDifference? Summary(ActionPart part, string folder, IReadOnlyList<TreeDifference> files) =>
        files.Count == 0
            ? null
            : new(
                part,
                files[0].Path[folder.Length..],
                IsAdded: files[0].Before is null,
                IsRemoved: files[0].After is null,
                More: files.Count - 1
            );

    private ActionDifference Step(Tree before, TreeDifference step, BuildScript script)
    {
        var name = step.Path[StepFolder.Length..];
        var (old, current) = (OldScript(before, name), script.Files.GetValueOrDefault(name));
        var (was, isNow) =
            old is null || current is null ? (null, null) : FirstDifference(old.Split('\n'), current.Split('\n'));
        return new(ActionPart.Step, name, was, isNow, null, step.Before is null, step.After is null);
    }

    private string? OldScript(Tree root, string name)
    {
        if (root.Find(RecipeFolder.TrimEnd('/')) is not { Kind: TreeEntryKind.Folder } recipe)
            return null;
        var path = Path.Join(store.TreePath(recipe.Digest), BuildScript.Folder, name);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    private static (string? Before, string? After) FirstDifference(string[] before, string[] after)
    {
        var same = before.Zip(after).TakeWhile(x => x.First == x.Second).Count();
        return (before.ElementAtOrDefault(same), after.ElementAtOrDefault(same));
    }

    private IEnumerable<ActionDifference> Needs(ActionParts before, ActionParts after)
    {
        foreach (var name in before.Needs.Keys.Union(after.Needs.Keys).Order(StringComparer.Ordinal))
        {
            var (wasThere, isThere) = (
                before.Needs.TryGetValue(name, out var old),
                after.Needs.TryGetValue(name, out var current)
            );
            if (!wasThere || !isThere)
                yield return new(ActionPart.Need, name, IsAdded: !wasThere, IsRemoved: !isThere);
            else if (old != current)
                yield return Need(name, old, current);
        }
    }

    private ActionDifference Need(string name, Digest before, Digest after)
    {
        if (!store.HasListing(before))
            return new(ActionPart.Need, name);
        var files = TreeDifference.Of(store.ReadTree(before), store.ReadTree(after)).ToList();
        return new(ActionPart.Need, name, Path: files.FirstOrDefault()?.Path, More: Math.Max(0, files.Count - 1));
    }
}
