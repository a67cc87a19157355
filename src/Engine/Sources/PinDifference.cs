using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Sources;

/// <summary>What a recipe asks for now, held against what was pinned.</summary>
internal static class PinDifference
{
    /// <summary>True if the recipe has a pin of its own in <c>[source.NAME]</c>.</summary>
    public static bool HasSource(Recipe recipe) => recipe.SourcePath is not null;

    /// <summary>A clause that says how they differ, or null.</summary>
    public static string? Of(Recipe recipe, Pin pin)
    {
        var source = recipe.Source!;
        return Text("version", pin.Version, recipe.Version ?? "")
            ?? Text("archive", pin.Archive, source.Archive)
            ?? Text("inner", pin.Inner, source.Inner)
            ?? Text("git", pin.Git, source.Git)
            ?? Text("tag", pin.Tag, source.Tag)
            ?? Text("only", string.Join(", ", pin.Only), string.Join(", ", source.Only));
    }

    /// <summary>As above, for a seed.</summary>
    public static string? Of(Recipe recipe, SeedPin pin)
    {
        var seed = recipe.Seed!;
        return Text("suite", pin.Suite, seed.Suite)
            ?? (string.Equals(pin.Request, Request(seed), StringComparison.Ordinal) ? null : "its packages, excludes or links changed");
    }

    /// <summary>The digest of what a seed's recipe asks for, whatever order it is written in.</summary>
    public static string Request(SeedSpec seed)
    {
        var text = new StringBuilder().Append("suite ").Append(seed.Suite).Append('\n');
        foreach (var package in seed.Packages.Order(StringComparer.Ordinal))
            text.Append("package ").Append(package).Append('\n');
        foreach (var package in seed.Exclude.Order(StringComparer.Ordinal))
            text.Append("exclude ").Append(package).Append('\n');
        foreach (var (path, target) in seed.Links)
            text.Append("link ").Append(path).Append(' ').Append(target).Append('\n');
        return Digest.OfText(text.ToString()).Hash;
    }

    private static string? Text(string key, string? pinned, string? asked) =>
        string.Equals(pinned, asked, StringComparison.Ordinal)
            ? null
            : $"its {key} was {Show(pinned)}, the recipe says {Show(asked)}";

    private static string Show(string? value) => string.IsNullOrEmpty(value) ? "nothing" : $"'{value}'";
}
