using System.Text.RegularExpressions;

namespace Recipes.Engine.Sources.Releases;

/// <summary>
/// A release archive in Debian's pool, <c>zlib_1.3.dfsg+really1.3.1.orig.tar.gz</c>; what Debian itself makes is
/// without <c>.orig</c>. Debian marks what it repacked, and what it had to call by a higher version than it is.
/// </summary>
/// <remarks>See dpkg-source(1), Debian Policy 5.6.12 and the Developer's Reference 6.7.8.2.</remarks>
internal static partial class PoolFile
{
    private const string Really = "+really";

    /// <summary>
    /// Upstream's version and the name with <c>{version}</c> in its place; null if the file is not a release archive.
    /// </summary>
    /// <param name="name">The file.</param>
    /// <param name="known">How the recipe writes such a name now; it decides where it fits.</param>
    public static (string Version, string Template)? Read(string name, VersionPattern? known)
    {
        if (!Name().IsMatch(name))
            return null;
        if (
            known?.Find(name) is { } fitting
            && !Repacked().IsMatch(fitting)
            && !fitting.Contains(Really, StringComparison.Ordinal)
        )
            return (fitting, known.Template);
        var version = Name().Match(name).Groups["version"].Value;
        if (version.IndexOf(Really, StringComparison.Ordinal) is var really and >= 0)
            version = version[(really + Really.Length)..];
        version = Repacked().Replace(version, "");
        var at = name.LastIndexOf(version, StringComparison.Ordinal);
        return version.Length == 0 ? null : (version, name[..at] + VersionPattern.Word + name[(at + version.Length)..]);
    }

    [GeneratedRegex(
        @"^[^_]+_(?<version>[^_]+?)(?<!\.debian)(?<!\.orig-[A-Za-z0-9-]+)(?:\.orig)?\.tar\.(?:gz|xz|bz2|zst)$"
    )]
    private static partial Regex Name();

    [GeneratedRegex(@"[.+~](?:dfsg|ds|debian|repack)[0-9.+~]*$")]
    private static partial Regex Repacked();
}
