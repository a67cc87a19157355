using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Trees;

/// <summary>A file, link or folder of a tree that is being imported.</summary>
internal abstract class ImportNode;

/// <summary>What a file holds; known once a worker has hashed it.</summary>
internal sealed class ImportContent
{
    public Digest Digest { get; set; }

    public byte[] GitBlob { get; set; } = [];

    /// <summary>The file that its bytes are written to; null where they are only hashed.</summary>
    public string? Place { get; set; }
}

internal sealed class ImportFile(ImportContent content, bool isExecutable) : ImportNode
{
    public ImportContent Content => content;

    public bool IsExecutable => isExecutable;
}

internal sealed class ImportLink(string target) : ImportNode
{
    public string Target => target;
}

internal sealed class ImportFolder : ImportNode
{
    public Dictionary<string, ImportNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>How many files and links are in it and below.</summary>
    public int CountFiles() => InsideOut().Sum(x => x.Children.Values.Count(child => child is not ImportFolder));

    /// <summary>
    /// Computes something of a folder from what was computed of the folders in it; null where only folders are below:
    /// such a folder is dropped, as git does. No recursion: strangers choose how deep folders are.
    /// </summary>
    /// <param name="combine">Takes a folder with the results of those in it that are kept.</param>
    public T Fold<T>(Func<ImportFolder, IReadOnlyDictionary<ImportFolder, T>, T> combine)
        where T : class
    {
        var results = new Dictionary<ImportFolder, T>();
        foreach (var folder in InsideOut())
        {
            if (
                folder == this
                || folder.Children.Values.Any(x => x is not ImportFolder inner || results.ContainsKey(inner))
            )
                results.Add(folder, combine(folder, results));
        }
        return results[this];
    }

    /// <summary>The store's tree of this folder.</summary>
    public Tree ToTree()
    {
        var descendants = new List<TreeDirectory>();
        var root = Fold<TreeDirectory>(
            (folder, inner) =>
            {
                var directory = folder.ToDirectory(inner);
                descendants.Add(directory);
                return directory;
            }
        );
        return Tree.Create(root, descendants);
    }

    private TreeDirectory ToDirectory(IReadOnlyDictionary<ImportFolder, TreeDirectory> inner)
    {
        var (files, folders, links) = (new List<TreeFile>(), new List<TreeFolder>(), new List<TreeLink>());
        foreach (var (name, child) in Children)
        {
            if (child is ImportFile file)
                files.Add(new(name, file.Content.Digest, file.IsExecutable));
            else if (child is ImportLink link)
                links.Add(new(name, link.Target));
            else if (inner.TryGetValue((ImportFolder)child, out var directory))
                folders.Add(new(name, directory.Digest));
        }
        return TreeDirectory.Create(files, folders, links);
    }

    /// <summary>This folder and all below, each after those in it.</summary>
    private List<ImportFolder> InsideOut()
    {
        var folders = new List<ImportFolder>();
        var open = new Stack<ImportFolder>([this]);
        while (open.TryPop(out var folder))
        {
            folders.Add(folder);
            foreach (var inner in folder.Children.Values.OfType<ImportFolder>())
                open.Push(inner);
        }
        folders.Reverse();
        return folders;
    }
}
