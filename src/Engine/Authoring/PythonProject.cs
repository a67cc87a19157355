using System.Text.RegularExpressions;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Authoring;

/// <summary>What a project of Python says of itself, and how it is built.</summary>
/// <remarks>
/// PEP 517 and 518 for <c>[build-system]</c>, PEP 508 for what is required, PEP 621 for <c>[project]</c>, the core
/// metadata 2.4 for <c>PKG-INFO</c>.
/// </remarks>
internal static partial class PythonProject
{
    private const string File = "pyproject.toml";
    private const string OldFile = "setup.py";

    /// <summary>
    /// The build of a project; null where a <c>pyproject.toml</c> only sets up tools. The package of a distribution
    /// that it requires is called <c>python-NAME</c>.
    /// </summary>
    public static BuildPlan? Plan(SourceTree tree)
    {
        var document = Document(tree);
        var isProject = document?.Find("build-system") is not null || document?.Find("project") is not null;
        if (!isProject && !tree.Has(OldFile))
            return null;
        var system = Table(document, "build-system");
        var backend = Distribution(Text(system, "build-backend") ?? "setuptools.build_meta");
        return new("python", isProject ? File : OldFile)
        {
            Programs =
            [
                .. Requirements(system).Append(backend).Distinct(StringComparer.Ordinal).Select(x => "python-" + x),
            ],
        };
    }

    /// <summary>What <c>[project]</c> claims; null where there is none.</summary>
    public static ProjectClaims? Claims(SourceTree tree)
    {
        if (Table(Document(tree), "project") is not { } project)
            return null;
        var urls = Table(project, "urls");
        return new(File)
        {
            Name = Text(project, "name"),
            Version = Text(project, "version"),
            Summary = Text(project, "description"),
            License = Text(project, "license") ?? Text(Table(project, "license"), "text"),
            Homepage = urls
                ?.Entries.Where(x => x.Name.Value.Equals("homepage", StringComparison.OrdinalIgnoreCase))
                .Select(x => x.Value)
                .OfType<TomlText>()
                .FirstOrDefault()
                ?.Value.TrimEnd('/'),
        };
    }

    /// <summary>What the metadata of a released archive claims; null where there is none.</summary>
    public static ProjectClaims? Released(SourceTree tree)
    {
        const string file = "PKG-INFO";
        var fields = tree.Text(file)
            .Split("\n\n")[0]
            .Split('\n')
            .Select(x => Field().Match(x))
            .Where(x => x.Success)
            .ToLookup(x => x.Groups["key"].Value, x => x.Groups["value"].Value.Trim(), StringComparer.Ordinal);
        if (!fields.Contains("Metadata-Version"))
            return null;
        return new(file)
        {
            Name = First("Name"),
            Version = First("Version"),
            Summary = First("Summary"),
            License = First("License-Expression") ?? First("License"),
            Homepage = (
                First("Home-page")
                ?? fields["Project-URL"]
                    .FirstOrDefault(x => x.StartsWith("Homepage,", StringComparison.OrdinalIgnoreCase))
                    ?["Homepage,".Length..].Trim()
            )?.TrimEnd('/'),
        };

        string? First(string key) => fields[key].FirstOrDefault(x => x is not "" and not "UNKNOWN");
    }

    /// <summary>The distribution that has a module: <c>flit_core.buildapi</c> is of <c>flit-core</c>.</summary>
    private static string Distribution(string backend) =>
        backend switch
        {
            "mesonpy" => "meson-python",
            _ when backend.StartsWith("poetry.core.", StringComparison.Ordinal) => "poetry-core",
            _ => backend.Split('.', ':')[0].Replace('_', '-').ToLowerInvariant(),
        };

    /// <summary>By their normalised names; setuptools makes wheels by itself since version 70.1.</summary>
    private static IEnumerable<string> Requirements(TomlTable? system) =>
        (system?.Find("requires")?.Value as TomlList)
            ?.Items.OfType<TomlText>()
            .Where(x => !x.Value.Contains(';', StringComparison.Ordinal))
            .Select(x => Name().Match(x.Value))
            .Where(x => x.Success)
            .Select(x => Separators().Replace(x.Value, "-").ToLowerInvariant())
            .Where(x => x != "wheel")
        ?? [];

    private static TomlTable? Document(SourceTree tree) =>
        tree.Has(File) ? TomlReader.Read(new(new(File, tree.Text(File)))) : null;

    private static TomlTable? Table(TomlTable? table, string key) => (table?.Find(key)?.Value as TomlTableNode)?.Table;

    private static string? Text(TomlTable? table, string key) =>
        table?.Find(key)?.Value is TomlText { Value.Length: > 0 } text ? text.Value : null;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex("[-_.]+", RegexOptions.NonBacktracking)]
    private static partial Regex Separators();

    [GeneratedRegex("^(?<key>[A-Za-z-]+): (?<value>.*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Field();
}
