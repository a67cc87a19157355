using Recipes.Engine.Recipes;
using Recipes.Engine.Recipes.Keys;
using Recipes.Engine.Recipes.Reading;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Engine.Authoring;

/// <summary>The package to write a recipe for. Either <see cref="Archive"/>, or <see cref="Git"/> with <see cref="Tag"/>.</summary>
public sealed record NewRequest
{
    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the release archive is: a URL, or <c>debian:pool/…</c>; the version in it, or <c>{version}</c>.</summary>
    public string? Archive { get; init; }

    /// <summary>Upstream's git repository.</summary>
    public string? Git { get; init; }

    /// <summary>The tag of the release.</summary>
    public string? Tag { get; init; }

    /// <summary>The version; null for the one that the archive's or the tag's name shows.</summary>
    public string? Version { get; init; }

    /// <summary>Relative to the workspace.</summary>
    internal string File => new RecipeLocation(RecipeArea.Packages, Name).File;

    /// <summary>What cannot be done, in one line that says how to mend it; null if all is well so far.</summary>
    /// <param name="root">The workspace.</param>
    public string? Fault(string root) => NameFault(root) ?? PlaceFault() ?? VersionFault();

    /// <summary>Where it comes from as the recipe writes it, and its version.</summary>
    internal ReleaseName? Release()
    {
        if (Archive is null)
            return ReleaseName.OfTag(Tag!, Version);
        if (!Archive.Contains(VersionPattern.Word, StringComparison.Ordinal))
            return ReleaseName.OfArchive(Place(Archive), Version);
        return Version is null ? null : new(Version, Place(Archive));
    }

    private string? NameFault(string root)
    {
        if (Forms.RecipeName.Fault(Name) is { } fault)
            return $"'{Name}' is no name for a recipe: {fault}";
        var existing = Enum.GetValues<RecipeArea>().Select(x => new RecipeLocation(x, Path.Join(root, Areas.Directory(x), Name)).File).FirstOrDefault(x => System.IO.File.Exists(Path.Join(root, x)));
        return existing is null ? null : $"there is already a recipe '{Name}': {existing}; take another name, or move that one with 'recipes bump {Name}'";
    }

    private string? PlaceFault()
    {
        if (Archive is null == Git is null)
            return "give either --archive URL, or --git URL --tag TAG";
        if (Git is null == Tag is not null)
            return Git is null ? "--tag is for --git; the version of an archive is given with --version" : "--git needs --tag TAG: the tag of the release";
        if (Archive is not null && PathForms.Archive.Fault(Place(Archive).Replace(VersionPattern.Word, "0", StringComparison.Ordinal)) is { } archive)
            return $"'{Archive}' is no place of an archive: {archive}";
        if (Git is not null && PathForms.Git.Fault(Git) is { } git)
            return $"'{Git}' is no place of a git repository: {git}";
        return Tag is not null && Forms.NotBlank.Fault(Tag) is { } tag ? $"'{Tag}' is no tag: {tag}" : null;
    }

    private string? VersionFault()
    {
        if (Release() is not { } release)
            return $"'{Archive ?? Tag}' does not show the version; add --version VERSION";
        return Forms.Version.Fault(release.Version) is { } fault ? $"'{release.Version}' is no version: {fault}" : null;
    }

    /// <summary>An absolute path of a file is written as its URL: <c>file:x</c> is in the recipe's folder.</summary>
    private static string Place(string archive) =>
        archive.StartsWith("file:/", StringComparison.Ordinal) && !archive.StartsWith("file://", StringComparison.Ordinal) ? "file://" + archive["file:".Length..] : archive;
}
