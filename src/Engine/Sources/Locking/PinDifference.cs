using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Locking;

/// <summary>What a recipe asks for now, held against what was pinned.</summary>
internal static class PinDifference
{
    /// <summary>A clause that says how they differ, or null.</summary>
    public static string? Of(OwnSource source, Pin pin)
    {
        var spec = source.Spec;
        return Text("version", pin.Version, source.Version)
            ?? Text("archive", pin.Archive, spec.Archive)
            ?? Text("inner", pin.Inner, spec.Inner)
            ?? Text(
                "also",
                string.Join(", ", pin.Also.Select(x => $"{x.Into}: {x.Archive}")),
                string.Join(", ", spec.Also.Select(x => $"{x.Into}: {x.Archive}"))
            )
            ?? Text("git", pin.Git, spec.Git)
            ?? Text("tag", pin.Tag, spec.Tag)
            ?? Globs(spec, pin.Only, pin.Except)
            ?? Submodules(spec, pin)
            ?? OfFile(source, spec.Archive, pin.ArchiveDigest)
            ?? spec.Also.Zip(pin.Also, (asked, pinned) => OfFile(source, asked.Archive, pinned.Digest))
                .FirstOrDefault(x => x is not null);
    }

    /// <summary>As above, for a folder that was made outside; whether it changed is not looked at.</summary>
    public static string? Of(ArtifactSource source, ArtifactPin pin) =>
        Text("artifact", pin.Path, source.Folder) ?? Globs(source.Spec, pin.Only, pin.Except);

    private static string? Globs(SourceSpec spec, ImmutableArray<string> only, ImmutableArray<string> except) =>
        Text("only", string.Join(", ", only), string.Join(", ", spec.Only))
        ?? Text("except", string.Join(", ", except), string.Join(", ", spec.Except));

    /// <summary>What is included in the place of a submodule decides whether its files are in the tree.</summary>
    private static string? Submodules(SourceSpec spec, Pin pin)
    {
        if (pin.Submodules.FirstOrDefault(spec.Include.ContainsKey) is { } path)
            return $"its submodule '{path}' was pinned, the recipe includes '{spec.Include[path].Name}' there";
        return pin.Included.FirstOrDefault(x => !spec.Include.ContainsKey(x)) is { } gone
            ? $"its submodule '{gone}' was left to 'include', the recipe includes nothing there"
            : null;
    }

    /// <summary>An archive beside the recipe may be replaced under the same name.</summary>
    private static string? OfFile(OwnSource source, string? place, Digest pinned)
    {
        const string scheme = "file:";
        if (place is null || !place.StartsWith(scheme, StringComparison.Ordinal))
            return null;
        var file = place.StartsWith("file:///", StringComparison.Ordinal)
            ? new Uri(place).LocalPath
            : Path.Join(source.Recipe.Folder, place[scheme.Length..]);
        // One that is gone may be in the store, and is missed where it is not.
        if (pinned.IsEmpty || !File.Exists(file))
            return null;
        var found = Digest.OfFile(file);
        return found == pinned ? null : $"'{place}' is another file than was pinned ({found.Oci}, not {pinned.Oci})";
    }

    /// <summary>As above, for a seed.</summary>
    public static string? Of(SeedRecipe recipe, SeedPin pin)
    {
        var seed = recipe.Seed;
        return Text("suite", pin.Suite, seed.Suite)
            ?? (
                string.Equals(pin.Request, Request(seed), StringComparison.Ordinal)
                    ? null
                    : "its packages, excludes or links changed"
            );
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
