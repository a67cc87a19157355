namespace Recipes.Engine.Content;

/// <summary>
/// Puts a tree together from files, links and whole trees at paths. A placed tree is taken by its digest and not opened
/// unless something else is put inside it.
/// </summary>
internal sealed class TreeBuilder
{
    private readonly Dictionary<Digest, TreeDirectory> known = [];
    private readonly Draft root;

    /// <summary>Starts from an empty tree.</summary>
    public TreeBuilder()
        : this(Tree.Empty) { }

    /// <summary>Starts from this tree.</summary>
    public TreeBuilder(Tree start)
    {
        Learn(start);
        root = new() { Unopened = start.Root };
    }

    /// <summary>
    /// The tree of those entries of another that a test on whole paths chooses, with the folders they are in. A chosen
    /// folder does not bring what it holds.
    /// </summary>
    public static Tree Subset(Tree tree, Func<string, bool> isWanted)
    {
        var builder = new TreeBuilder();
        foreach (var entry in tree.Walk().Where(x => isWanted(x.Path)))
            builder.Add(entry);
        return builder.Build();
    }

    /// <summary>Adds one entry; of a folder, only the folder itself.</summary>
    /// <exception cref="EngineException">Something else is at that path.</exception>
    public void Add(TreeEntry entry)
    {
        switch (entry.Kind)
        {
            case TreeEntryKind.File:
                AddFile(entry.Path, entry.Digest, entry.IsExecutable);
                break;
            case TreeEntryKind.Link:
                AddLink(entry.Path, entry.Target!);
                break;
            default:
                AddFolder(entry.Path);
                break;
        }
    }

    /// <summary>Adds a file at a path relative to the root; missing folders are made.</summary>
    /// <exception cref="EngineException">Something else is at that path.</exception>
    public void AddFile(string path, Digest digest, bool isExecutable) =>
        AddLeaf(path, name => new TreeFile(name, digest, isExecutable));

    /// <summary>Adds a symbolic link at a path relative to the root; missing folders are made.</summary>
    /// <exception cref="EngineException">Something else is at that path.</exception>
    public void AddLink(string path, string target) => AddLeaf(path, name => new TreeLink(name, target));

    /// <summary>Adds a folder, if it is not there yet.</summary>
    /// <exception cref="EngineException">Something else is at that path.</exception>
    public void AddFolder(string path) => FolderAt(path, path.Split('/'));

    /// <summary>Places a whole tree at a path relative to the root, where nothing or an empty folder is.</summary>
    /// <exception cref="EngineException">Something else is at that path.</exception>
    public void AddTree(string path, Tree tree)
    {
        Learn(tree);
        var folder = FolderAt(path, path.Split('/'));
        Open(folder);
        if (!folder.IsEmpty)
            throw new EngineException($"A tree cannot be placed at '{path}': the folder there is not empty.");
        folder.Unopened = tree.Root;
    }

    /// <summary>The tree as it stands.</summary>
    public Tree Build() => Tree.Create(Close(), known.Values);

    private void Learn(Tree tree)
    {
        known[tree.Digest] = tree.Root;
        foreach (var directory in tree.Descendants)
            known[directory.Digest] = directory;
    }

    private void AddLeaf(string path, Func<string, TreeNode> create)
    {
        var segments = path.Split('/');
        var folder = FolderAt(path, segments.AsSpan(0, segments.Length - 1));
        Open(folder);
        var leaf = create(segments[^1]);
        if (
            folder.Folders.ContainsKey(leaf.Name)
            || (!folder.Nodes.TryAdd(leaf.Name, leaf) && folder.Nodes[leaf.Name] != leaf)
        )
            throw new EngineException($"Two different things are to be at '{path}'.");
    }

    private Draft FolderAt(string path, ReadOnlySpan<string> segments)
    {
        var folder = root;
        foreach (var segment in segments)
        {
            Open(folder);
            if (!folder.Folders.TryGetValue(segment, out var child))
            {
                child = folder.Nodes.GetValueOrDefault(segment) switch
                {
                    null => new(),
                    TreeFolder unopened => new() { Unopened = known[unopened.Digest] },
                    _ => throw new EngineException($"'{path}' cannot be made: '{segment}' in it is a file or link."),
                };
                folder.Nodes.Remove(segment);
                folder.Folders.Add(segment, child);
            }
            folder = child;
        }
        return folder;
    }

    private static void Open(Draft folder)
    {
        if (folder.Unopened is not { } directory)
            return;
        folder.Unopened = null;
        foreach (var node in directory.Nodes)
            folder.Nodes.Add(node.Name, node);
    }

    /// <summary>
    /// Closes the folders from the innermost outwards; no recursion, since strangers choose how deep they are.
    /// </summary>
    private TreeDirectory Close()
    {
        var folders = new List<Draft>();
        var open = new Stack<Draft>([root]);
        while (open.TryPop(out var folder))
        {
            folders.Add(folder);
            foreach (var child in folder.Folders.Values)
                open.Push(child);
        }
        var closed = new Dictionary<Draft, TreeDirectory>();
        // Each was found after the one that holds it.
        for (var i = folders.Count - 1; i >= 0; i--)
            closed.Add(folders[i], folders[i].Unopened ?? Close(folders[i], closed));
        return closed[root];
    }

    private TreeDirectory Close(Draft folder, Dictionary<Draft, TreeDirectory> closed)
    {
        var directory = TreeDirectory.Create([
            .. folder.Nodes.Values,
            .. folder.Folders.Select(x => new TreeFolder(x.Key, closed[x.Value].Digest)),
        ]);
        known[directory.Digest] = directory;
        return directory;
    }

    /// <summary>
    /// A folder in the making: either as some directory is, or with children of its own, each name in one of two
    /// places.
    /// </summary>
    private sealed class Draft
    {
        public TreeDirectory? Unopened { get; set; }

        /// <summary>Files, links, and folders that stay as they are.</summary>
        public Dictionary<string, TreeNode> Nodes { get; } = new(StringComparer.Ordinal);

        /// <summary>Folders in the making.</summary>
        public Dictionary<string, Draft> Folders { get; } = new(StringComparer.Ordinal);

        public bool IsEmpty => Nodes.Count + Folders.Count == 0;
    }
}
