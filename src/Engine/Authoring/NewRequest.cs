using Recipes.Engine.Model;
using Recipes.Engine.Sources.Releases;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Authoring;

/// <summary>
/// The package to write a recipe for. Either <see cref="Archive"/>, or <see cref="Git"/> with <see cref="Tag"/>, or
/// <see cref="Debian"/>.
/// </summary>
internal sealed record NewRequest
{
    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Where the release archive is: a URL, or <c>debian:pool/…</c>; the version in it, or <c>{version}</c>.
    /// </summary>
    public string? Archive { get; init; }

    /// <summary>Upstream's git repository.</summary>
    public string? Git { get; init; }

    /// <summary>The tag of the release.</summary>
    public string? Tag { get; init; }

    /// <summary>
    /// The source package of Debian whose release archive is taken; <see cref="Author.LocateAsync"/> finds where it is.
    /// </summary>
    public string? Debian { get; init; }

    /// <summary>True for a recipe of an image that holds the package, too.</summary>
    public bool WithImage { get; init; }

    /// <summary>The version; null for the one that the archive's or the tag's name shows.</summary>
    public string? Version { get; init; }

    /// <summary>Relative to the workspace.</summary>
    internal string File => new RecipeLocation(RecipeArea.Packages, Name).File;

    /// <summary>What cannot be done, in one line that says how to fix it; null if all is well so far.</summary>
    /// <param name="root">The workspace.</param>
    public MessageText? Fault(string root) =>
        NameFault(root, Name)
        ?? (WithImage ? NameFault(root, ImageDraft.NameOf(Name)) : null)
        ?? PlaceFault()
        ?? VersionFault();

    /// <summary>Where it comes from as the recipe writes it, and its version.</summary>
    internal ReleaseName? Release()
    {
        if (Archive is null)
            return ReleaseName.OfTag(Tag!, Version);
        if (!Archive.Contains(VersionPattern.Word, StringComparison.Ordinal))
            return ReleaseName.OfArchive(Place(Archive), Version);
        return Version is null ? null : new(Version, Place(Archive));
    }

    /// <summary>Why no recipe of a name can be written; null if it can.</summary>
    internal static MessageText? NameFault(string root, string name)
    {
        if (Forms.RecipeName.Fault(name) is { } fault)
            return $"'{name}' is not a name for a recipe: {fault}";
        var existing = Enum.GetValues<RecipeArea>()
            .Select(x => new RecipeLocation(x, Path.Join(root, Areas.Directory(x), name)).File)
            .FirstOrDefault(x => System.IO.File.Exists(Path.Join(root, x)));
        if (existing is null)
            return null;
        return $"there is already a recipe '{name}': {existing}; take another name, or to move that one, "
            + $"{new Remedy(RemedyKind.Bump, name)}";
    }

    private MessageText? PlaceFault()
    {
        if (((string?[])[Archive, Git, Debian]).Count(x => x is not null) != 1)
            return $"a recipe has one source: {new Remedy(RemedyKind.NameSource)}";
        if (
            Debian is not null
            && (
                Debian.Length < 2
                || !char.IsAsciiLetterOrDigit(Debian[0])
                || !Debian.All(x => char.IsAsciiLetterLower(x) || char.IsAsciiDigit(x) || x is '+' or '-' or '.')
            )
        )
            return $"'{Debian}' is not the name of a source package of Debian";
        if (Git is null == Tag is not null)
            return Git is null
                ? (MessageText)$"only a git repository has tags; for the version of an archive, "
                    + $"{new Remedy(RemedyKind.GiveVersion)}"
                : (MessageText)$"a git repository needs the tag of the release; {new Remedy(RemedyKind.NameTag)}";
        if (
            Archive is not null
            && PathForms.Archive.Fault(Place(Archive).Replace(VersionPattern.Word, "0", StringComparison.Ordinal))
                is { } archive
        )
            return $"'{Archive}' is not the address of an archive: {archive}";
        if (Git is not null && PathForms.Git.Fault(Git) is { } git)
            return $"'{Git}' is not the address of a git repository: {git}";
        return Tag is not null && Forms.NotBlank.Fault(Tag) is { } tag
            ? (MessageText)$"'{Tag}' is not a tag: {tag}"
            : null;
    }

    private MessageText? VersionFault()
    {
        if (Debian is not null)
            return Version is not null && Forms.Version.Fault(Version) is { } wrong
                ? (MessageText)$"'{Version}' is not a version: {wrong}"
                : null;
        if (Release() is not { } release)
            return $"'{Archive ?? Tag}' does not show the version; {new Remedy(RemedyKind.GiveVersion)}";
        return Forms.Version.Fault(release.Version) is { } fault
            ? (MessageText)$"'{release.Version}' is not a version: {fault}"
            : null;
    }

    /// <summary>An absolute path of a file is written as its URL: <c>file:x</c> is in the recipe's folder.</summary>
    private static string Place(string archive) =>
        archive.StartsWith("file:/", StringComparison.Ordinal)
        && !archive.StartsWith("file://", StringComparison.Ordinal)
            ? "file://" + archive["file:".Length..]
            : archive;
}
