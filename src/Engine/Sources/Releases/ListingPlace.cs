using System.Text.RegularExpressions;

namespace Recipes.Engine.Sources.Releases;

/// <summary>Where the versions of an archive are listed.</summary>
/// <param name="Folder">
/// The folder of which a part of the URL names an entry for each version; or a git repository.
/// </param>
/// <param name="Pattern">How such an entry is written.</param>
/// <param name="IsGit">True if the tags of the repository are the entries.</param>
internal sealed partial record ListingPlace(string Folder, VersionPattern Pattern, bool IsGit = false)
{
    /// <summary>The place for the URL of an archive; null if no part of it holds the version.</summary>
    /// <param name="template">As the recipe writes it.</param>
    /// <param name="version">The recipe's version.</param>
    public static ListingPlace? Of(string template, string version)
    {
        if (Release().Match(template) is { Success: true } release)
            return new(
                release.Groups["repository"].Value,
                VersionPattern.Of(release.Groups["tag"].Value, version)!,
                IsGit: true
            );
        // The scheme and the host are no folders.
        var start = template.IndexOf("://", StringComparison.Ordinal) is var scheme and > 0
            ? template.IndexOf('/', scheme + 3) + 1
            : template.IndexOf(':', StringComparison.Ordinal) + 1;
        var hasWord = template.Contains(VersionPattern.Word, StringComparison.Ordinal);
        while (start < template.Length)
        {
            var end = template.IndexOf('/', start) is var slash and > 0 ? slash : template.Length;
            var name = template[start..end];
            if (
                (!hasWord || name.Contains(VersionPattern.Word, StringComparison.Ordinal))
                && VersionPattern.Of(name, version) is { } pattern
            )
                return new(template[..start], pattern);
            start = end + 1;
        }
        return null;
    }

    // These hosts list no files, and their releases are tags.
    [GeneratedRegex(
        @"^(?<repository>https://(?:github\.com|codeberg\.org)/[^/]+/[^/]+)/(?:releases/download|archive/refs/tags)/(?<tag>[^/]*\{version\}[^/]*?)(?:/.*|\.tar\.\w+)$"
    )]
    private static partial Regex Release();
}
