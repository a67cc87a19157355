using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;
using Recipes.Engine.Inspection.Checks;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>
/// The search behind <see cref="RuntimeClosure"/>. What a file needs is looked for as the dynamic linker or the kernel
/// would, first among the outputs that are taken already, then among the candidates of the file's own package in their
/// order. So the result depends on the recipes alone.
/// </summary>
/// <param name="find">A package's result by name; null if it is not built yet.</param>
/// <param name="trees">Reads listings.</param>
/// <param name="excluded">Paths that do not go into the image.</param>
/// <param name="span">Where faults are said to be that have no other place.</param>
/// <param name="own">Files of the image's own that the dynamic linker reads.</param>
internal sealed class ClosureSearch(
    Func<string, BuiltPackage?> find,
    ITreeReader trees,
    PathFilter excluded,
    SourceSpan? span,
    IReadOnlyList<ViewedOutput<ClosureSource>> own
)
{
    private readonly ClosureCandidates candidates = new(find, trees);
    private readonly Dictionary<string, Node> taken = new(StringComparer.Ordinal);
    private readonly List<ViewedOutput<ClosureSource>> present = [.. own];
    private readonly Queue<Node> pending = new();
    private readonly SortedDictionary<string, UnbuiltReason?> unbuilt = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> faults = [];

    public RuntimeClosure Result =>
        new(
            [.. taken.Values.OrderBy(x => x.Name, StringComparer.Ordinal).Select(x => x.Closed)],
            unbuilt.ToImmutableSortedDictionary(StringComparer.Ordinal),
            [.. faults.Distinct()]
        );

    public void Run(IEnumerable<OutputReference> roots)
    {
        foreach (var root in roots)
        {
            foreach (var name in AtRuntime(root))
                Take(name, null, root.Span ?? span);
        }
        var view = new RuntimeView<ClosureSource>(present, trees.ReadText);
        var walk = new LoadWalk<ClosureSource>((by, need) => Find(view, by, need));
        while (pending.TryDequeue(out var node))
        {
            foreach (var file in node.Output.Scan.Files.Where(x => !excluded.Matches(x.Path)))
            {
                if (file.Interpreter is { } interpreter)
                    FindInterpreter(view, node, file, interpreter);
                walk.Load(LoadedFile<ClosureSource>.Start(node.Source, file), Note);
            }
        }
        foreach (var (by, need) in walk.Missing)
            Miss(view, by, need);
    }

    /// <summary>
    /// Takes an output with all that recipes say it requires; the name under which it was taken, or null.
    /// </summary>
    private string? Take(OutputName name, Node? requiredBy, SourceSpan? place)
    {
        var first = TakeOne(name, requiredBy, place, out var node);
        var open = new Stack<(Node By, OutputName Required)>();
        Push(node);
        while (open.TryPop(out var next))
        {
            next.By.Need(TakeOne(next.Required, next.By, place, out var further), null);
            Push(further);
        }
        return first;

        void Push(Node? by)
        {
            var requires = by?.Output.Requires.SelectMany(x => AtRuntime(OutputReference.Parse(x))) ?? [];
            foreach (var required in requires.Reverse())
                open.Push((by!, required));
        }
    }

    /// <param name="name">The output.</param>
    /// <param name="requiredBy">Whose recipe requires it; null if the image's does.</param>
    /// <param name="place">Where faults are said to be.</param>
    /// <param name="node">Set if it was taken just now.</param>
    private string? TakeOne(OutputName name, Node? requiredBy, SourceSpan? place, out Node? node)
    {
        node = null;
        if (taken.ContainsKey(name.ToString()))
            return name.ToString();
        if (find(name.Package) is not { } package)
        {
            unbuilt[name.ToString()] = null;
            return null;
        }
        if (package.Recipe is not PackageRecipe { Area: RecipeArea.Packages } recipe)
        {
            if (requiredBy is not null && ClosureCandidates.InsteadOf(package) is { } instead)
                return TakeOne(name with { Package = instead }, requiredBy, place, out node);
            faults.Add(new(ToolchainFault(name, package, requiredBy), place));
            return null;
        }
        if (!package.Outputs.TryGetValue(name.Output, out var output))
        {
            // A default output comes out empty where upstream installs nothing of the kind.
            if (recipe.Outputs.All(x => x.Name != name.Output))
                faults.Add(new($"'{name.Package}' has no output '{name.Output}'", place));
            return null;
        }
        node = new Node(new(name, SourceState.Built), recipe, package, output);
        taken.Add(node.Name, node);
        present.Add(new(node.Source, trees.ReadTree(output.Tree), output.Scan));
        pending.Enqueue(node);
        return node.Name;
    }

    private IEnumerable<OutputName> AtRuntime(OutputReference reference) =>
        reference.AtRuntime(find(reference.Package)?.Recipe);

    private static string ToolchainFault(OutputName name, BuiltPackage package, Node? requiredBy)
    {
        var who = requiredBy is null ? "an image" : $"an image, but {requiredBy.Name} requires it";
        var fix = ClosureCandidates.InsteadOf(package) is { } instead
            ? $"; '{instead}' is the package it stands for"
            : "";
        return $"'{name}' belongs to the toolchain and never goes into {who}{fix}";
    }

    private LoadedLibrary<ClosureSource>? Find(
        RuntimeView<ClosureSource> view,
        LoadedFile<ClosureSource> by,
        string need
    )
    {
        var node = taken[by.Owner.Name.ToString()];
        var around = view;
        if (view.Locate(need, by) is not { } found)
        {
            around = Around(node);
            if (around.Locate(need, by) is not { } further)
                return null;
            found = further;
        }
        if (!Accept(node, by.File, need, found))
            return new(found, null);
        return new(found, found.Owner.State == SourceState.Built ? around.ScanOf(found) : null);
    }

    private void FindInterpreter(RuntimeView<ClosureSource> view, Node node, FileScan file, string interpreter)
    {
        if ((view.Locate(interpreter) ?? Around(node).Locate(interpreter)) is { } found)
        {
            Accept(node, file, interpreter, found);
            Note(LoadedFile<ClosureSource>.Start(node.Source, file), interpreter, found);
            return;
        }
        if (
            !AwaitCandidates(node, file, interpreter)
            && file.NeedsInterpreter
            && !IsWaived(node, CheckNames.Interpreter, file)
        )
            faults.Add(
                new(
                    $"{node.Name}: '{file.Path}' "
                        + GnuProgram.MissingInterpreter(
                            interpreter,
                            "needs",
                            "no output in the graph of its build provides"
                        ),
                    span
                )
            );
    }

    /// <summary>
    /// Takes the outputs that a library is in, and those of the links to it; false if it is left out of the image.
    /// </summary>
    private bool Accept(Node node, FileScan file, string need, Located<ClosureSource> found)
    {
        foreach (var source in found.Owners.Where(x => !taken.ContainsKey(x.Name.ToString())))
        {
            if (source.State == SourceState.Unbuilt)
                unbuilt.TryAdd(source.Name.ToString(), new(node.Name, file.Path, need));
            else if (source.State == SourceState.Forbidden)
                faults.Add(
                    new(
                        $"{node.Name}: '{file.Path}' needs {need}, which only '{source.Name}' of the toolchain "
                            + $"provides",
                        span
                    )
                );
            else if (source.State == SourceState.Built)
                Take(source.Name, node, span);
        }
        if (!excluded.Matches(found.Path))
            return true;
        faults.Add(new($"{node.Name}: '{file.Path}' needs {need}, but exclude leaves '{found.Path}' out", span));
        return false;
    }

    private void Note(LoadedFile<ClosureSource> by, string need, Located<ClosureSource> found)
    {
        foreach (var owner in found.Owners.Select(x => x.Name.ToString()).Where(taken.ContainsKey))
            taken[by.Owner.Name.ToString()].Need(owner, new(by.File.Path, need));
    }

    private void Miss(RuntimeView<ClosureSource> view, LoadedFile<ClosureSource> by, string need)
    {
        var node = taken[by.Owner.Name.ToString()];
        if (AwaitCandidates(node, by.File, need) || IsWaived(node, CheckNames.Soname, by.File))
            return;
        var what = MissingLibrary.Describe(
            by,
            need,
            view.Folders(by),
            Around(node).Elsewhere(need) is var (owner, path) ? (owner.Name.ToString(), path) : null,
            "no output in the graph of its build provides"
        );
        faults.Add(new($"{node.Name}: '{by.File.Path}' {what}", span));
    }

    /// <summary>True if a candidate is not built yet, in which case it may have what is missing.</summary>
    private bool AwaitCandidates(Node node, FileScan file, string need)
    {
        var missing = node.Package.Candidates.Where(x => find(OutputName.Parse(x).Package) is null).ToList();
        foreach (var candidate in missing)
            unbuilt.TryAdd(candidate, new(node.Name, file.Path, need));
        return missing.Count > 0;
    }

    private RuntimeView<ClosureSource> Around(Node node)
    {
        // What is taken meanwhile comes before the candidates.
        if (node.Around is { } known && known.Present == present.Count)
            return known.View;
        node.Candidates ??= candidates.Of(node.Package);
        var view = new RuntimeView<ClosureSource>([.. present, .. node.Candidates], trees.ReadText);
        node.Around = (view, present.Count);
        return view;
    }

    private static bool IsWaived(Node node, string check, FileScan file) =>
        node.Recipe.Waivers.Any(x => x.Check == check && Glob.Parse(x.Path).Matches(file.Path));

    private sealed record Node(ClosureSource Source, PackageRecipe Recipe, BuiltPackage Package, BuiltOutput Output)
    {
        private readonly SortedDictionary<string, RuntimeReason?> needs = new(StringComparer.Ordinal);

        public string Name { get; } = Source.Name.ToString();

        public IReadOnlyList<ViewedOutput<ClosureSource>>? Candidates { get; set; }

        /// <summary>What was taken with the candidates, and how much that was.</summary>
        public (RuntimeView<ClosureSource> View, int Present)? Around { get; set; }

        public ClosureOutput Closed =>
            new(Name, Recipe, Output, needs.ToImmutableSortedDictionary(StringComparer.Ordinal));

        public void Need(string? output, RuntimeReason? reason)
        {
            if (output is not null && output != Name)
                needs.TryAdd(output, reason);
        }
    }
}
