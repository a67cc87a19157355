using System.Text.Json;

namespace Recipes.Engine.Authoring;

/// <summary>What a distribution of Perl modules says of itself, and how it is built.</summary>
/// <remarks>CPAN::Meta::Spec, version 2, for <c>META.json</c>.</remarks>
internal static class PerlProject
{
    private const string MetaFile = "META.json";

    /// <summary>The build of a distribution; null for anything else.</summary>
    public static BuildPlan? Plan(SourceTree tree) =>
        tree.Has("Makefile.PL") ? new("perl", "Makefile.PL")
        : tree.Has("Build.PL")
            ? new("perl", "Build.PL")
            {
                Programs = tree.Text("Build.PL").Contains("Module::Build::Tiny", StringComparison.Ordinal)
                    ? ["perl-module-build-tiny"]
                    : ["perl-module-build"],
            }
        : null;

    /// <summary>What the metadata claim; null where there are none, or they are not JSON.</summary>
    public static ProjectClaims? Claims(SourceTree tree)
    {
        if (!tree.Has(MetaFile))
            return null;
        try
        {
            using var document = JsonDocument.Parse(tree.Text(MetaFile));
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            return new(MetaFile)
            {
                Name = Text(root, "name"),
                Version = Text(root, "version"),
                Summary = Text(root, "abstract"),
                License =
                    root.TryGetProperty("license", out var list) && list.ValueKind == JsonValueKind.Array
                        ? Expression([
                            .. list.EnumerateArray()
                                .Select(x => x.ValueKind == JsonValueKind.String ? x.GetString() : null),
                        ])
                        : null,
                Homepage = root.TryGetProperty("resources", out var resources) ? Text(resources, "homepage") : null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object // resources may be anything
        && element.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
        && text != "unknown"
            ? text
            : null;

    /// <summary>Null where there is another word than those that name one licence.</summary>
    private static string? Expression(IReadOnlyList<string?> words)
    {
        var all = words.Select(Licence).ToList();
        return all.Count == 0 || all.Contains(null) ? null : string.Join(" AND ", all);
    }

    private static string? Licence(string? word) =>
        word switch
        {
            "perl_5" => "Artistic-1.0-Perl OR GPL-1.0-or-later",
            "artistic_2" => "Artistic-2.0",
            "apache_2_0" => "Apache-2.0",
            "freebsd" => "BSD-2-Clause",
            "bsd" => "BSD-3-Clause",
            "mit" => "MIT",
            "mozilla_1_1" => "MPL-1.1",
            "zlib" => "Zlib",
            _ => null,
        };
}
