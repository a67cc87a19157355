using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Images;

/// <summary>
/// The search behind <see cref="RuntimeClosure"/>. What a file needs is looked for as the dynamic linker or the kernel
/// would: by path, through links, first among the outputs that are taken already, then among the candidates of the
/// file's own package in their order. So the result depends on the recipes alone.
/// </summary>
internal sealed class ClosureSearch(
    Func<string, PackageResult?> find,
    Func<Digest, Tree> read,
    PathFilter excluded,
    SourceSpan? span
)
{
    // Where musl's dynamic linker looks after DT_RUNPATH.
    private static readonly string[] LibraryFolders = ["lib", "usr/local/lib", "usr/lib"];

    private readonly Dictionary<string, Node> taken = new(StringComparer.Ordinal);
    private readonly List<(Source, Tree)> view = [];
    private readonly Queue<Node> pending = new();
    private readonly SortedSet<string> unbuilt = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> faults = [];

    public RuntimeClosure Result =>
        new(
            [
                .. taken
                    .Values.OrderBy(x => x.Name, StringComparer.Ordinal)
                    .Select(x => new ClosureOutput(
                        x.Name,
                        x.Package.Recipe,
                        x.Output,
                        x.Needs.ToImmutableSortedSet(StringComparer.Ordinal)
                    )),
            ],
            unbuilt.ToImmutableSortedSet(StringComparer.Ordinal),
            [.. faults.Distinct()]
        );

    public void Run(IEnumerable<OutputReference> roots)
    {
        foreach (var root in roots)
            Take(new OutputName(root.Package, root.Output ?? "main"), null, root.Span ?? span);
        while (pending.TryDequeue(out var node))
        {
            foreach (var file in node.Output.Scan.Files.Where(x => !excluded.Matches(x.Path)))
            {
                if (file.Interpreter is { } interpreter)
                    Resolve(node, file, interpreter, "interpreter", [interpreter]);
                foreach (var library in file.Needed)
                    Resolve(node, file, library, "soname", LibraryPaths(file, library));
            }
        }
    }

    /// <summary>Takes an output with what its recipe requires; the name under which it was taken, or null.</summary>
    private string? Take(OutputName name, string? requiredBy, SourceSpan? place)
    {
        if (taken.ContainsKey(name.ToString()))
            return name.ToString();
        if (find(name.Package) is not { } package)
        {
            unbuilt.Add(name.ToString());
            return null;
        }
        if (package.Recipe.Area != RecipeArea.Packages)
            return TakeInstead(name, package.Recipe, requiredBy, place);
        if (!package.Outputs.TryGetValue(name.Output, out var output))
        {
            // A default output comes out empty where upstream installs nothing of the kind.
            if (package.Recipe.Outputs.All(x => x.Name != name.Output))
                faults.Add(new($"'{name.Package}' has no output '{name.Output}'", place));
            return null;
        }
        var node = new Node(name.ToString(), package, output);
        taken.Add(node.Name, node);
        view.Add((new(name, SourceState.Built), read(output.Tree)));
        pending.Enqueue(node);
        foreach (var required in output.Requires)
            node.Need(Take(OutputName.Parse(required), node.Name, place));
        return node.Name;
    }

    private string? TakeInstead(OutputName name, Recipe recipe, string? requiredBy, SourceSpan? place)
    {
        var instead = recipe.Build?.StandsFor?.Name;
        if (requiredBy is not null && instead is not null)
            return Take(name with { Package = instead }, requiredBy, place);
        var who = requiredBy is null ? "an image" : $"an image, but {requiredBy} requires it";
        var mend = instead is null ? "" : $"; '{instead}' is the package it stands for";
        faults.Add(new($"'{name}' belongs to the toolchain and never goes into {who}{mend}", place));
        return null;
    }

    private void Resolve(Node node, FileScan file, string need, string check, IReadOnlyList<string> paths)
    {
        var located = Locate(view, paths) ?? Locate([.. view, .. node.Candidates ??= Candidates(node)], paths);
        if (located is not null)
        {
            foreach (var source in located.Owners)
                node.Need(Use(source, node, file, need));
            if (excluded.Matches(located.Path))
                faults.Add(new($"{node.Name}: '{file.Path}' needs {need}, but exclude leaves '{located.Path}' out", span));
            return;
        }
        var missing = node.Package.Candidates.Where(x => find(OutputName.Parse(x).Package) is null).ToList();
        unbuilt.UnionWith(missing);
        if (missing.Count == 0 && !IsWaived(node.Package.Recipe, check, file.Path))
            faults.Add(new($"{node.Name}: '{file.Path}' needs {need}, which no output in the graph of its build provides", span));
    }

    private static bool IsWaived(Recipe recipe, string check, string path) =>
        recipe.Waivers.Any(x => x.Check == check && Glob.Parse(x.Path).Matches(path));

    private static Located<Source>? Locate(IReadOnlyList<(Source, Tree)> trees, IReadOnlyList<string> paths)
    {
        var union = new UnionView<Source>(trees, PathFilter.None);
        return paths.Select(union.Locate).FirstOrDefault(x => x is not null);
    }

    private string? Use(Source source, Node node, FileScan file, string need)
    {
        switch (source.State)
        {
            case SourceState.Unbuilt:
                unbuilt.Add(source.Name.ToString());
                return null;
            case SourceState.Forbidden:
                faults.Add(
                    new($"{node.Name}: '{file.Path}' needs {need}, which only '{source.Name}' of the toolchain provides", span)
                );
                return null;
            default:
                return Take(source.Name, node.Name, span);
        }
    }

    /// <summary>The package's candidates in their order; those that cannot be taken as they are come last.</summary>
    private List<(Source Source, Tree Tree)> Candidates(Node node) =>
        [.. node.Package.Candidates.SelectMany(x => Expand(OutputName.Parse(x))).OrderBy(x => x.Source.State)];

    private IEnumerable<(Source Source, Tree Tree)> Expand(OutputName candidate)
    {
        if (find(candidate.Package) is not { } package || !package.Outputs.TryGetValue(candidate.Output, out var output))
            return [];
        if (package.Recipe.Area == RecipeArea.Packages)
            return [(new(candidate, SourceState.Built), read(output.Tree))];
        if (package.Recipe.Build?.StandsFor is not { } standsFor)
            return [(new(candidate, SourceState.Forbidden), read(output.Tree))];
        // What the toolchain's own output holds tells whether the package has to be built for it.
        if (find(standsFor.Name) is not { } instead)
            return [(new(candidate with { Package = standsFor.Name }, SourceState.Unbuilt), read(output.Tree))];
        return instead
            .Outputs.Values.OrderBy(x => x.Name != candidate.Output)
            .Select(x => (new Source(new(instead.Recipe.Name, x.Name), SourceState.Built), read(x.Tree)));
    }

    private static List<string> LibraryPaths(FileScan file, string library)
    {
        if (library.Contains('/', StringComparison.Ordinal))
            return [library];
        var origin = "/" + (Path.GetDirectoryName(file.Path) ?? "");
        var own = file
            .RunPath.SelectMany(x => x.Split(':', StringSplitOptions.RemoveEmptyEntries))
            .Select(x =>
                x.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal)
            );
        return [.. own.Concat(LibraryFolders).Select(x => x + "/" + library)];
    }

    private enum SourceState
    {
        Built,
        Unbuilt,
        Forbidden,
    }

    private sealed record Source(OutputName Name, SourceState State);

    private sealed record Node(string Name, PackageResult Package, BuiltOutput Output)
    {
        public HashSet<string> Needs { get; } = new(StringComparer.Ordinal);

        public List<(Source Source, Tree Tree)>? Candidates { get; set; }

        public void Need(string? output)
        {
            if (output is not null && output != Name)
                Needs.Add(output);
        }
    }
}
