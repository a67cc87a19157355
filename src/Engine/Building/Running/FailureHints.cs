using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Running;

/// <summary>
/// Looks in the log of a failed build for files that are missing, and in what is built for who has them.
/// </summary>
internal sealed partial class FailureHints(BuiltPackages packages, ContentStore store)
{
    // What stopped the build is near the end, if not in the very last lines where several jobs ran.
    private const int LogBytes = 1 << 18;
    private const int MaxHints = 5;
    private const int MaxWanted = 100;

    // No compiler writes a longer one about a file that is missing.
    private const int MaxLine = 1 << 13;

    /// <summary>The hints of a failure.</summary>
    /// <param name="plan">What failed.</param>
    /// <param name="logPath">Its log.</param>
    public ImmutableArray<FailureHint> Of(PackagePlan plan, string logPath)
    {
        var wanted = WantedIn(logPath);
        if (wanted.Count == 0)
            return [];
        var (recipe, present) = (plan.Recipe, plan.Root.Outputs);
        var interpreters = new InterpreterSearch(plan, store);
        var outputs = packages
            .Order.Select(packages.Find)
            .OfType<BuiltPackage>()
            // As the checks of recipes demand: in pkgs/ only packages in pkgs/ may be named.
            .Where(x =>
                x.Recipe is PackageRecipe
                && (recipe.Area != RecipeArea.Packages || x.Recipe.Area == RecipeArea.Packages)
            )
            .OrderBy(x => x.Recipe.Name, StringComparer.Ordinal)
            .Where(x => x.Recipe.Name != recipe.Name)
            .SelectMany(x => x.Outputs.Values.Select(output => (Package: (PackageRecipe)x.Recipe, Output: output)))
            .Where(x => !present.Contains($"{x.Package.Name}:{x.Output.Name}"))
            .Select(x => (x.Package, x.Output.Name, Tree: store.ReadTree(x.Output.Tree)))
            .ToList();
        return
        [
            .. wanted
                .Select(x =>
                    x.IsCommand && interpreters.Absent(x.Name) is { } interpreter
                        ? FindInterpreter(x.Name, interpreter, outputs)
                        : Find(x, outputs)
                )
                .OfType<FailureHint>()
                .Distinct()
                .Take(MaxHints),
        ];
    }

    /// <summary>The headers, commands and libraries that a log calls missing.</summary>
    public static ImmutableArray<string> Missing(string logPath) => [.. WantedIn(logPath).Select(x => x.Name)];

    private static List<WantedFile> WantedIn(string logPath) =>
        [.. ReadEnd(logPath).Split('\n').Where(x => x.Length <= MaxLine).SelectMany(Wanted).Distinct().Take(MaxWanted)];

    private static FailureHint FindInterpreter(
        string program,
        string interpreter,
        List<(PackageRecipe Package, string Output, Tree Tree)> outputs
    )
    {
        var wanted = new WantedFile(interpreter, [InterpreterSearch.PathInRoot(interpreter)], null);
        return (Find(wanted, outputs) ?? new(interpreter, null)) with { Program = program };
    }

    private static FailureHint? Find(WantedFile wanted, List<(PackageRecipe Package, string Output, Tree Tree)> outputs)
    {
        foreach (var path in wanted.Paths)
        {
            foreach (var (package, output, tree) in outputs)
            {
                if (tree.Find(path) is { Kind: not TreeEntryKind.Folder })
                    return Hint(wanted, package, output, path);
            }
        }
        if (wanted.Folder is not { } folder)
            return null;
        foreach (var (package, output, tree) in outputs)
        {
            var found = tree.Walk()
                .Select(x => x.Path)
                .FirstOrDefault(x =>
                    x.StartsWith(folder, StringComparison.Ordinal)
                    && x.EndsWith("/" + wanted.Name, StringComparison.Ordinal)
                );
            if (found is not null)
                return Hint(wanted, package, output, found);
        }
        return null;
    }

    private static FailureHint Hint(WantedFile wanted, PackageRecipe package, string output, string path)
    {
        var name = $"{package.Name}:{output}";
        return new(wanted.Name, new(name, path, package.IsMeantByName(output) ? package.Name : name));
    }

    private static IEnumerable<WantedFile> Wanted(string line)
    {
        if (Header().Match(line) is { Success: true } header)
            yield return new(Name(header), [$"usr/include/{Name(header)}"], "usr/include/");
        if (Command().Match(line) is { Success: true } command)
            yield return new(Name(command), [$"usr/bin/{Path.GetFileName(Name(command))}"], null) { IsCommand = true };
        if (Library().Match(line) is { Success: true } library)
            yield return new(
                $"-l{Name(library)}",
                [$"usr/lib/lib{Name(library)}.so", $"usr/lib/lib{Name(library)}.a"],
                null
            );
        if (SharedLibrary().Match(line) is { Success: true } shared)
            yield return new(Name(shared), [$"usr/lib/{Name(shared)}"], null);
    }

    private static string Name(Match match) => match.Groups["name"].Value;

    private static string ReadEnd(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, LogBytes), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // gcc: "x.c:1:10: fatal error: zlib.h: No such file or directory"
    [GeneratedRegex(
        @"fatal error: '?(?<name>[^\s:']+)'?(: No such file or directory| file not found)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Header();

    // sh: "x: line 1: flex: not found"; bash: "flex: command not found"; env and make: the other two
    [GeneratedRegex(
        @"(?:^|: )(?<name>[\w.+/-]+): (?:command )?not found$|can't execute '(?<name>[^']+)': No such file|^make(?:\[\d+\])?: (?<name>[\w.+-]+): No such file or directory$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Command();

    // ld: "cannot find -lz: No such file or directory"
    [GeneratedRegex(@"cannot find -l(?<name>[^\s:]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Library();

    // musl: "Error loading shared library libz.so.1: No such file or directory (needed by …)"; ld: "libz.so.1, needed
    // by x, not found"
    [GeneratedRegex(
        @"Error loading shared library (?<name>[^\s:/]+):|(?<name>[\w.+-]+\.so[.\d]*), needed by .*not found|cannot find (?<name>[\w.+-]+\.so[.\d]*)(?::|$)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex SharedLibrary();

    /// <summary>A file that the log calls missing.</summary>
    /// <param name="Name">As the log has it.</param>
    /// <param name="Paths">Where it would be, the best first.</param>
    /// <param name="Folder">Below which folder it may be elsewhere, or null.</param>
    private sealed record WantedFile(string Name, ImmutableArray<string> Paths, string? Folder)
    {
        public bool IsCommand { get; init; }

        public bool Equals(WantedFile? other) => Name == other?.Name && Folder == other.Folder;

        public override int GetHashCode() => HashCode.Combine(Name, Folder);
    }
}
