using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>What a Go module says of itself, and how it is built.</summary>
/// <remarks>The Go Modules Reference, "go.mod files" (https://go.dev/ref/mod).</remarks>
internal static partial class GoProject
{
    private const string ModFile = "go.mod";

    // The path of a module at one of these hosts is where people read about it.
    private static readonly string[] Hosts = ["github.com/", "gitlab.com/", "codeberg.org/"];

    /// <summary>The build of a module; null for anything else.</summary>
    public static BuildPlan? Plan(SourceTree tree)
    {
        if (!tree.Has(ModFile))
            return null;
        var lacksVendor = !tree.Has("vendor/modules.txt") && Requirement().IsMatch(tree.Text(ModFile));
        var hasProgram = tree.Top.Any(x =>
            x.EndsWith(".go", StringComparison.Ordinal)
            && !x.EndsWith("_test.go", StringComparison.Ordinal)
            && MainPackage().IsMatch(tree.Text(x))
        );
        return new("go", ModFile, IsGuess: lacksVendor || !hasProgram)
        {
            Remark =
                lacksVendor ? "what it imports is not in a folder 'vendor', and nothing is downloaded"
                : hasProgram ? null
                : "there is no program at the top; name the folders of its programs in [build.variables] programs",
        };
    }

    /// <summary>What the module's path tells; null where there is none.</summary>
    public static ProjectClaims? Claims(SourceTree tree)
    {
        if (ModulePath().Match(tree.Text(ModFile)) is not { Success: true } found)
            return null;
        var path = found.Groups["path"].Value;
        var bare = MajorSuffix().Replace(path, "");
        return new(ModFile)
        {
            Name = bare[(bare.LastIndexOf('/') + 1)..],
            Homepage = Array.Exists(Hosts, x => bare.StartsWith(x, StringComparison.Ordinal))
                ? $"https://{bare}"
                : null,
        };
    }

    [GeneratedRegex(
        @"^module[ \t]+""?(?<path>[A-Za-z0-9._~/-]+)""?",
        RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex ModulePath();

    [GeneratedRegex(@"^require\b", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Requirement();

    [GeneratedRegex(@"^package[ \t]+main\b", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex MainPackage();

    [GeneratedRegex(@"/v[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex MajorSuffix();
}
