using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Debian;

/// <summary>What a suite says of itself, in its <c>InRelease</c>.</summary>
/// <param name="Names">Its names: <c>Suite</c> and <c>Codename</c>.</param>
/// <param name="Date">When it was made.</param>
/// <param name="ValidUntil">When it is to be made anew at the latest; null for never.</param>
/// <param name="Files">SHA-256 and size by path below the suite: <c>main/binary-amd64/Packages.xz</c>.</param>
/// <remarks>See https://wiki.debian.org/DebianRepository/Format, "Release files".</remarks>
internal sealed record ReleaseFile(
    IReadOnlyList<string> Names,
    DateTimeOffset Date,
    DateTimeOffset? ValidUntil,
    IReadOnlyDictionary<string, Digest> Files
)
{
    /// <summary>Reads the text, without any signature.</summary>
    /// <exception cref="FormatException">It has no valid date; the message is a clause.</exception>
    public static ReleaseFile Parse(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = new Dictionary<string, Digest>(StringComparer.Ordinal);
        var isInList = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(' '))
            {
                if (isInList && ReadFile(line) is { } file)
                    files.TryAdd(file.Path, file.Digest);
                continue;
            }
            isInList = line.TrimEnd() == "SHA256:";
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                fields.TryAdd(line[..colon], line[(colon + 1)..].Trim());
        }
        string?[] names = [fields.GetValueOrDefault("Suite"), fields.GetValueOrDefault("Codename")];
        return new(
            [.. names.OfType<string>()],
            ReadDate("Date", fields.GetValueOrDefault("Date") ?? ""),
            fields.TryGetValue("Valid-Until", out var until) ? ReadDate("Valid-Until", until) : null,
            files
        );
    }

    private static (string Path, Digest Digest)? ReadFile(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            is [var hash, var size, var path]
        && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
        && Digest.TryFromHex(hash, bytes, out var digest)
            ? (path, digest)
            : null;

    /// <summary><c>Sat, 08 Nov 2025 10:19:41 UTC</c>.</summary>
    private static DateTimeOffset ReadDate(string field, string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            is [_, var day, var month, var year, var time, "UTC" or "GMT" or "Z" or "+0000"]
        && DateTimeOffset.TryParseExact(
            $"{day} {month} {year} {time}",
            "d MMM yyyy H:m:s",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        )
            ? date
            : throw new FormatException($"its field '{field}' is '{text}', which is not a date in UTC");
}
