using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Reads Packages indexes.</summary>
/// <remarks>See deb822(5), and the fields in Debian Policy, chapters 5 and 7.</remarks>
internal static class PackagesIndex
{
    /// <summary>All packages by name; of several versions, the first.</summary>
    /// <exception cref="FormatException">A package lacks a field, or has an impossible one.</exception>
    public static ImmutableDictionary<string, DebianPackage> Read(TextReader reader)
    {
        var packages = ImmutableDictionary.CreateBuilder<string, DebianPackage>(StringComparer.Ordinal);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var line = reader.ReadLine();
            if (string.IsNullOrEmpty(line))
            {
                if (fields.Count > 0 && ToPackage(fields) is var package)
                    packages.TryAdd(package.Name, package);
                fields.Clear();
                if (line is null)
                    return packages.ToImmutable();
                continue;
            }
            // Lines that go on with an earlier field hold nothing that is needed here.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (!char.IsWhiteSpace(line[0]) && colon > 0)
                fields[line[..colon]] = line[(colon + 1)..].Trim();
        }
    }

    /// <summary>Groups of alternatives, without versions and architectures.</summary>
    public static ImmutableArray<ImmutableArray<string>> ParseNeeds(string field) =>
        [
            .. field
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(group => group.Split('|').Select(BareName).ToImmutableArray()),
        ];

    private static DebianPackage ToPackage(Dictionary<string, string> fields)
    {
        var name = Field("Package");
        if (
            !long.TryParse(Field("Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !Digest.TryFromHex(Field("SHA256"), size, out var file)
        )
            throw new FormatException($"The package '{name}' has no valid size and SHA-256.");
        var needs = $"{fields.GetValueOrDefault("Pre-Depends")},{fields.GetValueOrDefault("Depends")}";
        return new(
            name,
            Field("Version"),
            Field("Filename"),
            file,
            ParseNeeds(needs),
            [.. ParseNeeds(fields.GetValueOrDefault("Provides", "")).Select(x => x[0])]
        );

        string Field(string key) =>
            fields.GetValueOrDefault(key) ?? throw new FormatException($"A package of the index has no field '{key}'.");
    }

    /// <summary><c>perl:any (>= 5.36) [amd64]</c> is <c>perl</c>.</summary>
    private static string BareName(string need)
    {
        var name = need.Trim();
        var end = name.AsSpan().IndexOfAny(" (:[<");
        return end < 0 ? name : name[..end];
    }
}
