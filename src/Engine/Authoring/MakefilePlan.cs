using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recipes.Engine.Model;

namespace Recipes.Engine.Authoring;

/// <summary>
/// How a plain makefile is called: which variable names the prefix, and whether files can be installed elsewhere
/// (<c>DESTDIR</c>).
/// </summary>
/// <remarks>See the GNU coding standards, 7.2.4 and 7.2.5, which many makefiles follow half.</remarks>
internal static partial class MakefilePlan
{
    private const int MaxHeaders = 2000;

    private static readonly ImmutableArray<string> Names = ["GNUmakefile", "makefile", "Makefile"];

    /// <summary>The plan; null if there is no makefile.</summary>
    public static BuildPlan? Find(SourceTree tree, string name)
    {
        if (Names.FirstOrDefault(tree.Has) is not { } file)
            return null;
        var text = tree.Text(file);
        var plan = new BuildPlan("make", file);
        if (LocalFolder(tree) is { } header)
            plan = plan with
            {
                Steps = [("prepare", $"sed -i 's,/usr/local,/usr,' {header}")],
                Remark = $"{header} has /usr/local written in it",
            };
        if (!InstallTarget().IsMatch(text))
            return plan with
            {
                IsGuess = true,
                Remark = $"its {file} has no target 'install'",
                Steps = plan.Steps.Add(("install", $"install -D -m 755 {name} /stage/usr/bin/{name}")),
            };
        var variables = Assignment()
            .Matches(text)
            .DistinctBy(x => x.Groups["name"].Value)
            .ToDictionary(x => x.Groups["name"].Value, x => x.Groups["value"].Value.TrimEnd(), StringComparer.Ordinal);
        var prefix = variables
            .FirstOrDefault(x => x.Value is "/usr/local" or "/usr" or "/usr/local/" or "/opt/local")
            .Key;
        var isStaged =
            text.Contains("$(DESTDIR)", StringComparison.Ordinal)
            || text.Contains("${DESTDIR}", StringComparison.Ordinal);
        if (prefix is null)
            return isStaged
                ? plan
                : plan with
                {
                    IsGuess = true,
                    Remark = $"its {file} shows no variable for the place of what it installs",
                };
        var root = isStaged ? "/usr" : "/stage/usr";
        var arguments = ImmutableArray.CreateBuilder<string>();
        // The build system gives these two the value /usr.
        if (!isStaged || prefix is not ("prefix" or "PREFIX"))
            arguments.Add($"{prefix}={root}");
        arguments.AddRange(ManualFolders(variables, prefix).Select(x => $"{x.Variable}={root}/share/{x.Folder}"));
        return plan with
        {
            Compile = isStaged && prefix is not ("prefix" or "PREFIX") ? [$"{prefix}={root}"] : [],
            Install = arguments.ToImmutable(),
            Remark = isStaged
                ? plan.Remark
                : string.Join(", and ", ((string?[])[$"its {file} knows no DESTDIR", plan.Remark]).OfType<string>()),
        };
    }

    /// <summary>A header that compiles the usual prefix in; no makefile changes that.</summary>
    private static string? LocalFolder(SourceTree tree) =>
        tree
            .Files.Where(x => x.EndsWith(".h", StringComparison.Ordinal))
            .Take(MaxHeaders)
            .FirstOrDefault(x => LocalConstant().IsMatch(tree.Text(x)));

    /// <summary>
    /// Variables that put manual pages right below the prefix, where the Filesystem Hierarchy Standard 2.1 had them.
    /// </summary>
    private static IEnumerable<(string Variable, string Folder)> ManualFolders(
        Dictionary<string, string> variables,
        string prefix
    ) =>
        from variable in variables
        let match = ManualFolder().Match(variable.Value)
        where match.Success && match.Groups["prefix"].Value == prefix
        orderby variable.Key
        select (variable.Key, match.Groups["folder"].Value);

    [GeneratedRegex(
        @"^[ \t]*#[ \t]*define\b[^\n]*""/usr/local[/""]",
        RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex LocalConstant();

    [GeneratedRegex(@"^install[ \t]*::?(?!=)", RegexOptions.Multiline)]
    private static partial Regex InstallTarget();

    [GeneratedRegex(
        @"^(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*[:?]?=[ \t]*(?<value>[^#\n]*)",
        RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^\$[({](?<prefix>\w+)[)}]/(?<folder>man(?:/man[1-9])?)$", RegexOptions.NonBacktracking)]
    private static partial Regex ManualFolder();
}
