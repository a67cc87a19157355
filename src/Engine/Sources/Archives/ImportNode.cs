using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Archives;

/// <summary>A file, link or folder of a tree that is being imported.</summary>
internal abstract class ImportNode;

/// <summary>What a file holds; known once a worker has hashed it.</summary>
internal sealed class ImportContent
{
    public Digest Digest { get; set; }

    public byte[] GitBlob { get; set; } = [];
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

    /// <summary>False if only folders are below: such a folder is dropped, as git does.</summary>
    public bool HasFiles => Children.Values.Any(x => x is not ImportFolder folder || folder.HasFiles);

    /// <summary>The directory of the store's tree, and all directories below it.</summary>
    public TreeDirectory ToDirectory(List<TreeDirectory> descendants)
    {
        var folders = ImmutableArray.CreateBuilder<TreeFolder>();
        foreach (var (name, child) in Children)
        {
            if (child is not ImportFolder { HasFiles: true } folder)
                continue;
            var directory = folder.ToDirectory(descendants);
            descendants.Add(directory);
            folders.Add(new(name, directory.Digest));
        }
        return TreeDirectory.Create(
            Children.Where(x => x.Value is ImportFile).Select(x => ToTree(x.Key, (ImportFile)x.Value)),
            folders,
            Children.Where(x => x.Value is ImportLink).Select(x => new TreeLink(x.Key, ((ImportLink)x.Value).Target))
        );
    }

    /// <summary>The store's tree of this folder.</summary>
    public Tree ToTree()
    {
        var descendants = new List<TreeDirectory>();
        return Tree.Create(ToDirectory(descendants), descendants);
    }

    private static TreeFile ToTree(string name, ImportFile file) => new(name, file.Content.Digest, file.IsExecutable);
}
