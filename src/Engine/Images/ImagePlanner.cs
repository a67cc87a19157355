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
        var leaves = packages.Select(x => (Package: x, Leaves: Leaves(x))).ToList();
        FindConflicts(closure);
        foreach (var (package, own) in leaves)
            LearnFolders(package.First().Recipe, own);
        var union = new UnionView<string>(
            [.. closure.Outputs.Select(x => (x.Name, store.ReadTree(x.Output.Tree)))],
            excluded
        );
        var ownLeaves = new OwnFiles(recipe, union, ownerships, faults).Collect();
        var layers = leaves
            .Select(x => PackageLayer(x.Package, x.Leaves))
            .Append(
                new LayerPlan(recipe.Name, recipe.Version, $"{recipe.Name}: files of the image", WithParents(ownLeaves))
            )
            .Where(x => x.Entries.Length > 0)
            .ToImmutableArray();
        CheckLimits(layers);
        return layers;
    }

    /// <summary>Files, links and empty folders of a package that are not left out, by path.</summary>
    private SortedDictionary<string, (TreeEntry Entry, string Source)> Leaves(IEnumerable<ClosureOutput> outputs)
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
            )
                leaves.TryAdd(entry.Path, (entry, Path.Join(folder, entry.Path)));
        }
        return leaves;
    }

    private static bool IsLeaf(TreeEntry entry) =>
        entry.Kind != TreeEntryKind.Folder || entry.Digest == TreeDirectory.Empty.Digest;

    private void FindConflicts(RuntimeClosure closure)
    {
        var trees = closure.Outputs.Select(x => (x.Name, x.Output.Tree)).ToList();
        var conflicts = store.Merge(trees).Conflicts.Where(x => !excluded.Matches(x.Path)).ToList();
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
        var entries = leaves.Values.Select(x => new LayerEntry(
            x.Entry.Path,
            x.Entry.Kind,
            x.Entry.Kind == TreeEntryKind.Folder ? default : ownerships.OfLeaf(recipe.Name, x.Entry),
            x.Entry.Kind == TreeEntryKind.File ? x.Entry.Digest : default,
            x.Entry.Kind == TreeEntryKind.File ? x.Source : null,
            x.Entry.Target
        ));
        var outputs = string.Join(", ", package.Select(x => x.Output.Name));
        return new(recipe.Name, recipe.Version, $"{recipe.Name} {recipe.Version} ({outputs})", WithParents(entries));
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
