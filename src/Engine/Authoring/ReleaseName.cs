using System.Text.RegularExpressions;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Engine.Authoring;

/// <summary>The version in the name of a release, and that name as a recipe writes it.</summary>
/// <param name="Version">As upstream counts.</param>
/// <param name="Template">
/// With <c>{version}</c> wherever the name has it; as it is where it writes the version otherwise.
/// </param>
internal sealed partial record ReleaseName(string Version, string Template)
{
    // No file is called by more; the patterns look behind and ahead.
    private const int MaxName = 255;

    /// <summary>Reads the URL of an archive, from its last name backwards.</summary>
    /// <param name="url">A URL, or a place in Debian's pool.</param>
    /// <param name="version">The version if it is known, else null.</param>
    /// <returns>Null if no name in the URL shows a version.</returns>
    public static ReleaseName? OfArchive(string url, string? version)
    {
        var start = PathStart(url);
        var path = url[start..];
        if (
            version is null
            && url.StartsWith("debian:", StringComparison.Ordinal)
            && PoolFile.Read(path[(path.LastIndexOf('/') + 1)..], known: null) is { } pool
        )
            return new(pool.Version, url[..(url.LastIndexOf('/') + 1)] + pool.Template);
        version ??= path.Split('/')
            .Reverse()
            .Select(x => Find(x.Length > MaxName ? x : Uri.UnescapeDataString(Ending().Replace(x, ""))))
            .FirstOrDefault(x => x is not null);
        return version is null ? null : new(version, url[..start] + Token.Replace(path, version, VersionPattern.Word));
    }

    /// <summary>Reads a tag; those that write <c>_</c> for <c>.</c> stay as they are.</summary>
    /// <returns>Null if it shows no version.</returns>
    public static ReleaseName? OfTag(string tag, string? version)
    {
        version ??= Find(tag)?.Replace('_', '.');
        return version is null ? null : new(version, Token.Replace(tag, version, VersionPattern.Word));
    }

    /// <summary>The version at the end of a name.</summary>
    private static string? Find(string name) =>
        name.Length > MaxName ? null
        : Version_().Match(name) is { Success: true } match ? match.Groups["version"].Value
        : null;

    /// <summary>Behind the scheme and the host.</summary>
    private static int PathStart(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0
            ? url.IndexOf(':', StringComparison.Ordinal) + 1
            : Math.Max(url.IndexOf('/', scheme + 3), scheme + 3);
    }

    [GeneratedRegex(
        @"(?:[-_.](?:orig|src|source|sources|stable|final|full|release))*(?:\.tar)?\.(?:tar|tgz|txz|tbz2?|gz|xz|bz2|zst|zip|lz|7z)$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Ending();

    // A number of one part counts only if something stands between it and the name.
    [GeneratedRegex(
        @"^(?:.*?[^0-9.])??(?:[-_.]?[vVrR](?=[0-9])|[-_]|^|(?=[0-9]+[._][0-9]))(?<version>[0-9]+(?:[._][0-9]+)*(?:[a-z](?![a-z])|[-._~]?(?:rc|alpha|beta|pre|p)[-.]?[0-9]*)?)$"
    )]
    private static partial Regex Version_();
}
