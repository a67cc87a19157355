namespace Recipes.Engine.Content;

/// <summary>A path on which two trees disagree.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="First">The owner of the tree that had it first.</param>
/// <param name="Second">The owner of the tree that has something else there.</param>
internal sealed record TreeConflict(string Path, string First, string Second);

/// <summary>The union of some trees.</summary>
/// <param name="Tree">The union; where trees disagree, with the first one's entry.</param>
/// <param name="Conflicts">All disagreements, in the order of the paths; equal entries are none.</param>
internal sealed record TreeMerge(Tree Tree, IReadOnlyList<TreeConflict> Conflicts)
{
    /// <summary>
    /// Merges trees by their digests alone, touching no file. The result does not depend on the order where nothing
    /// conflicts; directories with equal digests are not opened.
    /// </summary>
    /// <param name="trees">Each with its owner's name, for conflicts.</param>
    /// <param name="yielding">
    /// Those of them whose files and links give way to those of others, which is no conflict; null for none.
    /// </param>
    public static TreeMerge Of(IReadOnlyList<(string Owner, Tree Tree)> trees, IReadOnlySet<Digest>? yielding = null)
    {
        if (trees.Count == 0)
            return new(Tree.Empty, []);
        var merger = new Merger();
        var parts = trees.Select(x => new Part(
            x.Owner,
            x.Tree,
            x.Tree.Root,
            yielding?.Contains(x.Tree.Digest) ?? false
        ));
        var root = merger.Merge([.. parts.OrderBy(x => x.Yields)]);
        var known = merger.Created.Concat(trees.Select(x => x.Tree).Distinct().SelectMany(x => x.Descendants));
        return new(Tree.Create(root, known), [.. merger.Conflicts.OrderBy(x => x.Path, TreeDirectory.NameOrder)]);
    }

    /// <summary>One directory of one of the trees.</summary>
    private sealed record Part(string Owner, Tree Tree, TreeDirectory Directory, bool Yields);

    /// <summary>One name in one of the directories.</summary>
    private sealed record Claim(Part Part, TreeNode Node);

    private sealed class Merger
    {
        public List<TreeConflict> Conflicts { get; } = [];

        public List<TreeDirectory> Created { get; } = [];

        /// <summary>
        /// Merges folders from the outermost inwards, then puts them together; no recursion, since strangers choose how
        /// deep they are.
        /// </summary>
        public TreeDirectory Merge(IReadOnlyList<Part> parts)
        {
            var folders = new List<Union>();
            var open = new Stack<Union>([new("", null, parts)]);
            var root = open.Peek();
            while (open.TryPop(out var folder))
            {
                folders.Add(folder);
                if (folder.Parts.All(x => x.Directory.Digest == folder.Parts[0].Directory.Digest))
                    continue;
                foreach (var name in folder.Parts.SelectMany(Claims).GroupBy(x => x.Node.Name, StringComparer.Ordinal))
                    Decide([.. name], folder);
                foreach (var inner in folder.Unions)
                    open.Push(inner);
            }
            // Each was found after the one that holds it.
            for (var i = folders.Count - 1; i >= 0; i--)
                Close(folders[i]);
            return root.Result!;
        }

        private void Close(Union folder)
        {
            if (folder.Nodes.Count + folder.Unions.Count == 0)
            {
                folder.Result = folder.Parts[0].Directory;
                return;
            }
            folder.Result = TreeDirectory.Create([
                .. folder.Nodes,
                .. folder.Unions.Select(x => new TreeFolder(x.Name, x.Result!.Digest)),
            ]);
            Created.Add(folder.Result);
        }

        private static IEnumerable<Claim> Claims(Part part) => part.Directory.Nodes.Select(x => new Claim(part, x));

        /// <summary>
        /// The first claim wins; folders join it if it is one; what yields gives way; everything else that differs is a
        /// conflict.
        /// </summary>
        private void Decide(IReadOnlyList<Claim> claims, Union folder)
        {
            var first = claims[0];
            var folders = new List<Part>();
            foreach (var claim in claims.Count == 1 ? [] : claims)
            {
                if (first.Node is TreeFolder && claim.Node is TreeFolder inner)
                    folders.Add(claim.Part with { Directory = claim.Part.Tree.Directory(inner) });
                else if (claim.Node != first.Node && !GivesWay(claim, first))
                    Conflicts.Add(new(folder.PathOf(first.Node.Name), first.Part.Owner, claim.Part.Owner));
            }
            if (folders.Count == 0)
                folder.Nodes.Add(first.Node);
            else
                folder.Unions.Add(new(first.Node.Name, folder, folders));
        }

        // Where one has a folder, others may be in it.
        private static bool GivesWay(Claim claim, Claim first) =>
            claim.Part.Yields && !first.Part.Yields && claim.Node is not TreeFolder && first.Node is not TreeFolder;

        /// <summary>A folder that several trees have.</summary>
        private sealed class Union(string name, Union? parent, IReadOnlyList<Part> parts)
        {
            public string Name => name;

            public IReadOnlyList<Part> Parts => parts;

            /// <summary>Files, links, and folders that one tree alone has; none where all parts are equal.</summary>
            public List<TreeNode> Nodes { get; } = [];

            /// <summary>The folders in it that several trees have.</summary>
            public List<Union> Unions { get; } = [];

            public TreeDirectory? Result { get; set; }

            private Union? Parent => parent;

            /// <summary>
            /// The path of what it holds; not kept, since all paths together are as long as the square of the depth.
            /// </summary>
            public string PathOf(string child)
            {
                var names = new Stack<string>([child]);
                for (var at = this; at.Parent is not null; at = at.Parent)
                    names.Push(at.Name);
                return string.Join('/', names);
            }
        }
    }
}
