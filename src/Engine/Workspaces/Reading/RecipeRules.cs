using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>What the parts of one recipe demand of each other.</summary>
internal static class RecipeRules
{
    private static readonly ImmutableArray<string> Kinds = ["seed", "build", "image", "stack"];

    public static void Check(CheckedTable root, RecipeContext context)
    {
        CheckName(root, context);
        CheckKind(root, context);
        CheckImageName(root, context);
        CheckArea(root, context);
        CheckVersion(root, context);
    }

    private static void CheckName(CheckedTable root, RecipeContext context)
    {
        if (root.Text("name") is { } name && name.Value != context.Location.Name)
            context.Fault(name.Range, $"the name '{name.Value}' differs from its folder's, '{context.Location.Name}'");
    }

    private static void CheckKind(CheckedTable root, RecipeContext context)
    {
        var kinds = Kinds.Where(x => root.Place(x) is not null).ToArray();
        if (kinds.Length == 0 && root.Place("source") is null)
            context.Fault(
                TextRange.FirstCharacter,
                "a recipe needs one of [build], [source], [image], [stack] and [seed]"
            );
        foreach (var kind in kinds.Skip(1))
            context.Fault(
                root.Place(kind)!.Value,
                $"[{kinds[0]}] and [{kind}] exclude each other: a recipe is a seed, a package, an image or a stack"
            );
        if (kinds is ["seed" or "image" or "stack", ..])
            Refuse(root, "source", $"only packages have a [source], and this has [{kinds[0]}]", context);
        foreach (var part in (ReadOnlySpan<string>)["outputs", "permissions", "waivers"])
        {
            if (!kinds.Contains("build"))
                Refuse(root, part, $"'{part}' means nothing without [build]", context);
        }
        if (!kinds.Contains("build") && !kinds.Contains("image"))
            Refuse(root, "test", "'test' means nothing without [build] or [image]", context);
    }

    private static void CheckImageName(CheckedTable root, RecipeContext context)
    {
        if (root.Place("image") is null || root.Text("name") is not { } name)
            return;
        if (!ImageName.IsRepository(ImageName.RepositoryOf(name.Value)))
            context.Fault(
                name.Range,
                $"no registry takes an image named '{name.Value}': {ImageName.RepositoryRule} ('+' becomes '_'); "
                    + $"give the "
                    + $"recipe another name"
            );
    }

    private static void Refuse(CheckedTable root, string key, string message, RecipeContext context)
    {
        if (root.Place(key) is { } place)
            context.Fault(place, message);
    }

    private static void CheckArea(CheckedTable root, RecipeContext context)
    {
        var area = context.Location.Area;
        if (area != RecipeArea.Stage0)
            Refuse(root, "seed", "seeds live in stage0/", context);
        if (area == RecipeArea.Stage0 && root.Place("build") is { } build)
            context.Fault(build, "packages live in toolchain/ or pkgs/; stage0/ is for seeds");
        if (area != RecipeArea.Packages)
        {
            Refuse(root, "image", "images live in pkgs/", context);
            Refuse(root, "stack", "stacks live in pkgs/", context);
        }
    }

    private static void CheckVersion(CheckedTable root, RecipeContext context)
    {
        context.Exclude(root, "version", "version-from", "'version' and 'version-from' exclude each other");
        var source = root.Table("source");
        var own = source?.Place("archive") ?? source?.Place("git");
        if (own is null)
            return;
        if (root.Place("version-from") is { } place)
            context.Fault(
                place,
                "'version-from' is for images and for packages without a source of their own; write 'version'"
            );
        else if (root.Place("version") is null)
            context.Fault(
                TextRange.FirstCharacter,
                "missing key 'version' at the top level; a recipe with a source of its own has one"
            );
    }
}
