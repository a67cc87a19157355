using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>
/// Decides what goes into each layer of an image, touching no file but those of the recipe's own folder.
/// </summary>
internal sealed class ImagePlanner
{
    private const int ShownAtMost = 10;

    private readonly ContentStore store;
    private readonly ImageRecipe recipe;
    private readonly ImageSpec image;
    private readonly PathFilter excluded;
    private readonly Ownerships ownerships = new();
    private readonly List<Diagnostic> faults = [];

    public ImagePlanner(ContentStore store, ImageRecipe recipe)
    {
        (this.store, this.recipe, image) = (store, recipe, recipe.Image);
        excluded = PathFilter.Of(image.Exclude);
    }

    /// <summary>All faults found; the plan is good if there are none.</summary>
    public IReadOnlyList<Diagnostic> Faults => faults;

    public ImmutableArray<LayerPlan> Plan(RuntimeClosure closure)
    {
        var packages = LayerOrder.Of(closure.Outputs);
        var yielded = YieldedPaths(closure);
        var leaves = packages.Select(x => (Package: x, Leaves: Leaves(x, yielded))).ToList();
        FindConflicts(closure);
        foreach (var (package, own) in leaves)
            LearnFolders(package.First().Recipe, own);
        var union = new UnionView<string>(
            [.. closure.Ordered.Select(x => (x.Name, store.ReadTree(x.Output.Tree)))],
            excluded
        );
        var ownLeaves = new OwnFiles(recipe, union, ownerships, faults).Collect();
        var layers = LayerGroups
            .Of([.. leaves.Select(x => PackageLayer(x.Package, x.Leaves)).Where(x => x.Entries.Length > 0)])
            .Append(
                new LayerPlan(recipe.Name, recipe.Version, $"{recipe.Name}: files of the image", WithParents(ownLeaves))
            )
            .Where(x => x.Entries.Length > 0)
            .ToImmutableArray();
        CheckLimits(layers);
        return layers;
    }

    /// <summary>Files, links and empty folders of a package that are not left out, by path.</summary>
    private SortedDictionary<string, (TreeEntry Entry, string Source)> Leaves(
        IEnumerable<ClosureOutput> outputs,
        HashSet<string> yielded
    )
    {
        var leaves = new SortedDictionary<string, (TreeEntry, string)>(StringComparer.Ordinal);
        foreach (var output in outputs)
        {
            var folder = store.TreePath(output.Output.Tree);
            foreach (
                var entry in store
                    .ReadTree(output.Output.Tree)
                    .Walk()
                    .Where(x => IsLeaf(x) && !excluded.Matches(x.Path))
                    .Where(x => !output.Output.Yields || !yielded.Contains(x.Path))
            )
                leaves.TryAdd(entry.Path, (entry, Path.Join(folder, entry.Path)));
        }
        return leaves;
    }

    /// <summary>Where outputs that yield give way: the files and links of all others.</summary>
    private HashSet<string> YieldedPaths(RuntimeClosure closure) =>
        closure.Yielding.IsEmpty
            ? []
            :
            [
                .. closure
                    .Outputs.Where(x => !x.Output.Yields)
                    .SelectMany(x => store.ReadTree(x.Output.Tree).Walk())
                    .Where(x => x.Kind != TreeEntryKind.Folder)
                    .Select(x => x.Path),
            ];

    private static bool IsLeaf(TreeEntry entry) =>
        entry.Kind != TreeEntryKind.Folder || entry.Digest == TreeDirectory.Empty.Digest;

    private void FindConflicts(RuntimeClosure closure)
    {
        var trees = closure.Outputs.Select(x => (x.Name, x.Output.Tree)).ToList();
        var conflicts = store.Merge(trees, closure.Yielding).Conflicts.Where(x => !excluded.Matches(x.Path)).ToList();
        foreach (var (path, first, second) in conflicts)
            faults.Add(
                new(
                    $"'{path}' is in {first} and in {second}, and differs; include one of them, or exclude the path",
                    image.Span
                )
            );
    }

    private void LearnFolders(PackageRecipe package, SortedDictionary<string, (TreeEntry Entry, string Source)> leaves)
    {
        ownerships.Learn(package);
        foreach (var folder in Folders(leaves.Values.Select(x => (x.Entry.Path, x.Entry.Kind))))
        {
            if (ownerships.LearnFolder(package.Name, folder) is { } fault)
                faults.Add(new(fault, image.Span));
        }
    }

    private LayerPlan PackageLayer(
        IGrouping<string, ClosureOutput> package,
        SortedDictionary<string, (TreeEntry Entry, string Source)> leaves
    )
    {
        var recipe = package.First().Recipe;
        var entries = leaves.ToDictionary(
            x => x.Key,
            x => new LayerEntry(
                x.Key,
                x.Value.Entry.Kind,
                x.Value.Entry.Kind == TreeEntryKind.Folder ? default : ownerships.OfLeaf(recipe.Name, x.Value.Entry),
                x.Value.Entry.Kind == TreeEntryKind.File ? x.Value.Entry.Digest : default,
                x.Value.Entry.Kind == TreeEntryKind.File ? x.Value.Source : null,
                x.Value.Entry.Target
            ),
            StringComparer.Ordinal
        );
        foreach (var names in package.SelectMany(x => x.Output.HardLinks))
            Join([.. names.Where(entries.ContainsKey)], entries);
        var outputs = string.Join(", ", package.Select(x => x.Output.Name));
        return new(
            recipe.Name,
            recipe.Version,
            $"{recipe.Name} {recipe.Version} ({outputs})",
            WithParents(entries.Values)
        );
    }

    /// <summary>
    /// Makes of equal files one with several names, as the build had it; owner and mode belong to the file.
    /// </summary>
    private static void Join(ImmutableArray<string> names, Dictionary<string, LayerEntry> entries)
    {
        foreach (var same in names.GroupBy(x => (entries[x].Ownership, entries[x].Content)).Select(x => x.ToList()))
        {
            foreach (var name in same.Skip(1))
                entries[name] = entries[name] with { SameAs = same[0] };
        }
    }

    /// <summary>The entries with all their folders, each as the image wants it.</summary>
    private ImmutableArray<LayerEntry> WithParents(IEnumerable<LayerEntry> leaves)
    {
        var all = leaves.ToList();
        var folders = Folders(all.Select(x => (x.Path, x.Kind)))
            .Select(x => new LayerEntry(x, TreeEntryKind.Folder, ownerships.OfFolder(x), default, null, null));
        return
        [
            .. all.Where(x => x.Kind != TreeEntryKind.Folder).Concat(folders).OrderBy(x => x.Path, TarWriter.PathOrder),
        ];
    }

    private static HashSet<string> Folders(IEnumerable<(string Path, TreeEntryKind Kind)> leaves)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, kind) in leaves)
        {
            if (kind == TreeEntryKind.Folder)
                folders.Add(path);
            for (
                var end = path.LastIndexOf('/');
                end > 0 && folders.Add(path[..end]);
                end = path.LastIndexOf('/', end - 1)
            ) { }
        }
        return folders;
    }

    private void CheckLimits(ImmutableArray<LayerPlan> layers)
    {
        var place = image.LimitsSpan ?? image.Span;
        var size = layers.Sum(x => x.FileBytes);
        if (size > image.SizeLimit)
        {
            var largest = layers
                .OrderByDescending(x => x.FileBytes)
                .Take(3)
                .Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Name} {x.FileBytes:N0}"));
            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"the files of '{recipe.Name}' are {size:N0} bytes, {size - image.SizeLimit.Value:N0} more than its "
                    + $"limit "
                    + $"of {image.SizeLimit:N0} (most in {string.Join(", ", largest)})"
            );
            faults.Add(new(message, place));
        }
        var forbid = PathFilter.Of(image.Forbid);
        var forbidden = layers
            .SelectMany(x => x.Entries.Select(entry => (Layer: x.Name, entry.Path, Glob: forbid.Match(entry.Path))))
            .Where(x => x.Glob is not null)
            .DistinctBy(x => x.Path)
            .ToList();
        foreach (var (layer, path, glob) in forbidden.Take(ShownAtMost))
            faults.Add(new($"'{path}' of '{layer}' is in the image, and '{glob!.Pattern}' forbids it", place));
        if (forbidden.Count > ShownAtMost)
        {
            var rest = forbidden.Count - ShownAtMost;
            faults.Add(new(string.Create(CultureInfo.InvariantCulture, $"{rest:N0} more paths are forbidden"), place));
        }
    }
}
