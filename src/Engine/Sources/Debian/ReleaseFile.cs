using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Reads the list of files in a suite's <c>InRelease</c>.</summary>
/// <remarks>See https://wiki.debian.org/DebianRepository/Format, "Release files".</remarks>
internal static class ReleaseFile
{
    /// <summary>SHA-256 and size of a file of the suite, or null if it is not listed.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="path">Below the suite: <c>main/binary-amd64/Packages.xz</c>.</param>
    public static Digest? Find(string text, string path)
    {
        var isInList = false;
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith(' '))
                isInList = line.TrimEnd() == "SHA256:";
            else if (
                isInList
                && line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var hash, var size, var name]
                && name == path
                && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                && Digest.TryFromHex(hash, bytes, out var digest)
            )
                return digest;
        }
        return null;
    }
}
