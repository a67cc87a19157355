namespace Recipes.Engine.Content;

/// <summary>
/// What a name in a <see cref="TreeDirectory"/> stands for: a file, a folder or a link, and nothing else.
/// </summary>
internal abstract record TreeNode
{
    // Three kinds are all that the protocol has, so nobody else adds one.
    private protected TreeNode(string name) => Name = name;

    /// <summary>A single path segment.</summary>
    public string Name { get; init; }

    /// <summary>The entry that this is in a tree whose root leads to it by a path.</summary>
    internal abstract TreeEntry At(string path);
}

/// <summary>A regular file in a <see cref="TreeDirectory"/>.</summary>
/// <param name="Name">A single path segment.</param>
/// <param name="Digest">The content.</param>
/// <param name="IsExecutable">The only mode bit that a tree knows.</param>
internal sealed record TreeFile(string Name, Digest Digest, bool IsExecutable) : TreeNode(Name)
{
    internal override TreeEntry At(string path) => new(path, TreeEntryKind.File, Digest, IsExecutable, null);
}

/// <summary>A folder in a <see cref="TreeDirectory"/>; the digest names its own <c>Directory</c> message.</summary>
internal sealed record TreeFolder(string Name, Digest Digest) : TreeNode(Name)
{
    internal override TreeEntry At(string path) => new(path, TreeEntryKind.Folder, Digest, false, null);
}

/// <summary>A symbolic link in a <see cref="TreeDirectory"/>.</summary>
internal sealed record TreeLink(string Name, string Target) : TreeNode(Name)
{
    internal override TreeEntry At(string path) => new(path, TreeEntryKind.Link, default, false, Target);
}
