using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>
/// What the files of a build system say of their project; null where a file says nothing, or only computes it.
/// </summary>
/// <param name="File">The file.</param>
internal sealed partial record ProjectClaims(string File)
{
    private const int MaxFiles = 50;

    public string? Name { get; init; }

    public string? Version { get; init; }

    public string? Summary { get; init; }

    /// <summary>True if another file says otherwise, or if the file may be about a part of the project.</summary>
    public bool IsSummaryGuess { get; init; }

    public string? License { get; init; }

    public string? Homepage { get; init; }

    /// <summary>All claims of a tree, the most trustworthy first.</summary>
    /// <param name="tree">The source.</param>
    /// <param name="name">The recipe's name: it chooses among several pkg-config files.</param>
    public static ImmutableArray<ProjectClaims> Read(SourceTree tree, string name) =>
        [
            .. (
                (IEnumerable<ProjectClaims?>)
                    [
                        OfConfigure(tree),
                        OfAutoconf(tree),
                        OfPkgConfig(tree, name),
                        OfMeson(tree),
                        OfCMake(tree),
                        PythonProject.Claims(tree),
                        PythonProject.Released(tree),
                        PerlProject.Claims(tree),
                        GoProject.Claims(tree),
                        OfVersionFile(tree),
                    ]
            ).OfType<ProjectClaims>(),
        ];

    /// <summary>The generated script has the values that <c>AC_INIT</c> computes.</summary>
    private static ProjectClaims? OfConfigure(SourceTree tree)
    {
        var values = PackageValue()
            .Matches(tree.Text("configure"))
            .DistinctBy(x => x.Groups["key"].Value, StringComparer.Ordinal)
            .ToDictionary(x => x.Groups["key"].Value, x => x.Groups["value"].Value, StringComparer.Ordinal);
        return values.Count == 0
            ? null
            : new("configure")
            {
                Name = Literal(values.GetValueOrDefault("NAME")),
                Version = Number(values.GetValueOrDefault("VERSION")),
                Homepage = Page(values.GetValueOrDefault("URL")),
            };
    }

    /// <summary>
    /// <c>AC_INIT(package, version, [bug-report], [tarname], [url])</c>; see the manual of Autoconf, 4.1.
    /// </summary>
    private static ProjectClaims? OfAutoconf(SourceTree tree)
    {
        var file = tree.AutoconfInput;
        if (MacroArguments.Of(tree.Text(file), "AC_INIT") is not [var package, .. var rest])
            return null;
        return new(file)
        {
            Name = Literal(package),
            Version = Number(rest.ElementAtOrDefault(0)),
            Homepage = Page(rest.ElementAtOrDefault(3)),
        };
    }

    /// <summary>See pc(5).</summary>
    private static ProjectClaims? OfPkgConfig(SourceTree tree, string name)
    {
        var bare = ProjectNames.Bare(name);
        var files = tree
            .Files.Where(x =>
                x.EndsWith(".pc.in", StringComparison.Ordinal) && !x.Contains("-uninstalled", StringComparison.Ordinal)
            )
            .OrderByDescending(x => Stem(x) == name || Stem(x) == "lib" + name)
            .ThenByDescending(x => Stem(x).Contains(name, StringComparison.Ordinal))
            .ThenByDescending(x => Stem(x).Contains(bare, StringComparison.Ordinal))
            .ThenBy(x => x.Count(c => c == '/'))
            .ThenBy(x => x.Length)
            .ToList();
        if (files is not [var file, ..])
            return null;
        return new(file)
        {
            Name = Field(file, "Name"),
            Version = Number(Field(file, "Version")),
            Summary = Field(file, "Description"),
            IsSummaryGuess = Stem(file) != name && Stem(file) != "lib" + name && IsDisputed(),
            License = Field(file, "License"),
            Homepage = Page(Field(file, "URL")),
        };

        bool IsDisputed() =>
            !Stem(file).Contains(bare, StringComparison.Ordinal)
            || files.Take(MaxFiles).Any(x => Field(x, "Description") != Field(file, "Description"));

        string? Field(string path, string key) =>
            Literal(
                tree.Text(path)
                    .Split('\n')
                    .FirstOrDefault(x =>
                        x.StartsWith(key + ":", StringComparison.Ordinal) && x.AsSpan(key.Length + 1).Trim().Length > 0
                    )
                    ?[(key.Length + 1)..]
            );

        static string Stem(string path) => Path.GetFileName(path)[..^".pc.in".Length];
    }

    /// <summary><c>project('name', 'c', version : '1', license : 'MIT')</c>; see the reference of Meson.</summary>
    private static ProjectClaims? OfMeson(SourceTree tree)
    {
        if (MesonProject().Match(tree.Text("meson.build")) is not { Success: true } project)
            return null;
        var arguments = project.Groups["arguments"].Value;
        return new("meson.build")
        {
            Name = Literal(project.Groups["name"].Value),
            Version = Number(Keyword("version")),
            License = Keyword("license"),
        };

        string? Keyword(string key) =>
            Literal(
                Regex
                    .Match(arguments, $@"\b{key}\s*:\s*\[?\s*'([^']*)'\s*\]?\s*(?:,|$)", RegexOptions.NonBacktracking)
                    .Groups[1]
                    .Value
            );
    }

    /// <summary><c>project(name VERSION 1 DESCRIPTION "…" HOMEPAGE_URL "…")</c>; see cmake-commands(7).</summary>
    private static ProjectClaims? OfCMake(SourceTree tree)
    {
        if (CMakeProject().Match(tree.Text("CMakeLists.txt")) is not { Success: true } project)
            return null;
        var words = CMakeWord().Matches(project.Groups["arguments"].Value).Select(x => x.Value.Trim('"')).ToList();
        return new("CMakeLists.txt")
        {
            Name = Literal(words.FirstOrDefault()),
            Version = Number(After("VERSION")),
            Summary = After("DESCRIPTION"),
            Homepage = Page(After("HOMEPAGE_URL")),
        };

        string? After(string key) =>
            words.IndexOf(key) is var at and > 0 ? Literal(words.ElementAtOrDefault(at + 1)) : null;
    }

    private static ProjectClaims? OfVersionFile(SourceTree tree) =>
        tree.Text("VERSION").Trim() is { Length: > 0 and < 32 } version && char.IsAsciiDigit(version[0])
            ? new("VERSION") { Version = version }
            : null;

    private static string? Number(string? text) =>
        Literal(text) is { } version && char.IsAsciiDigit(version[0]) ? version : null;

    /// <summary>Null for what the build system computes or fills in.</summary>
    private static string? Literal(string? text) =>
        text?.Trim() is { Length: > 0 } value
        && !value.AsSpan().ContainsAny("@${}\n")
        && !value.Contains("m4_", StringComparison.Ordinal)
        && !value.StartsWith("AC_", StringComparison.Ordinal)
            ? value
            : null;

    private static string? Page(string? text) =>
        Literal(text) is { } url && url.StartsWith("http", StringComparison.Ordinal)
            ? (url.Count(x => x == '/') == 3 ? url.TrimEnd('/') : url)
            : null;

    [GeneratedRegex(
        @"^PACKAGE_(?<key>NAME|VERSION|URL)='(?<value>[^']*)'$",
        RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex PackageValue();

    [GeneratedRegex(
        @"\bproject\s*\(\s*'(?<name>[^']*)'(?<arguments>(?:[^()']|'[^']*'|\([^()]*\))*)\)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex MesonProject();

    [GeneratedRegex(
        @"^[ \t]*project\s*\((?<arguments>(?:[^()""]|""[^""]*"")*)\)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex CMakeProject();

    [GeneratedRegex(@"""[^""]*""|\S+", RegexOptions.NonBacktracking)]
    private static partial Regex CMakeWord();
}
