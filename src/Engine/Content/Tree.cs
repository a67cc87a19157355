using System.Collections.Immutable;
using System.Text;
using Google.Protobuf;

namespace Recipes.Engine.Content;

/// <summary>What a <see cref="TreeEntry"/> is.</summary>
internal enum TreeEntryKind
{
    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A symbolic link.</summary>
    Link,
}

/// <summary>One entry of a tree, with its whole path.</summary>
/// <param name="Path">Relative to the tree's root, with <c>/</c> between segments: <c>usr/bin/sh</c>.</param>
/// <param name="Kind">Folder, file or link.</param>
/// <param name="Digest">Of the file's content or of the folder's message; empty for a link.</param>
/// <param name="IsExecutable">Files only.</param>
/// <param name="Target">Links only.</param>
internal sealed record TreeEntry(string Path, TreeEntryKind Kind, Digest Digest, bool IsExecutable, string? Target);

/// <summary>
/// An immutable directory with everything below it, known by the digest of its root <c>Directory</c> message. It holds
/// names and digests only; the files themselves are in the store.
/// </summary>
internal sealed class Tree
{
    private readonly ImmutableDictionary<Digest, TreeDirectory> directories;

    private Tree(TreeDirectory root, ImmutableDictionary<Digest, TreeDirectory> directories) =>
        (Root, this.directories) = (root, directories);

    /// <summary>The tree without entries.</summary>
    public static Tree Empty { get; } = Create(TreeDirectory.Empty, []);

    /// <summary>The digest of the root directory's message.</summary>
    public Digest Digest => Root.Digest;

    /// <summary>The root directory.</summary>
    public TreeDirectory Root { get; }

    /// <summary>The sum of the sizes of all files, in bytes.</summary>
    public long FileBytes => Walk().Where(x => x.Kind == TreeEntryKind.File).Sum(x => x.Digest.Size);

    /// <summary>A tree of this root and the directories below it; further directories may be among them.</summary>
    /// <exception cref="FormatException">A folder's directory is missing.</exception>
    public static Tree Create(TreeDirectory root, IEnumerable<TreeDirectory> descendants)
    {
        var known = new Dictionary<Digest, TreeDirectory>();
        foreach (var directory in descendants)
            known[directory.Digest] = directory;
        var used = ImmutableDictionary.CreateBuilder<Digest, TreeDirectory>();
        var pending = new Stack<TreeDirectory>([root]);
        while (pending.TryPop(out var directory))
        {
            foreach (var folder in directory.Folders)
            {
                if (used.ContainsKey(folder.Digest))
                    continue;
                if (!known.TryGetValue(folder.Digest, out var child))
                    throw new FormatException(
                        $"The directory '{folder.Name}' ({folder.Digest.Oci}) is missing from its tree."
                    );
                used.Add(folder.Digest, child);
                pending.Push(child);
            }
        }
        return new(root, used.ToImmutable());
    }

    /// <summary>Reads an encoded Remote Execution API <c>Tree</c> message.</summary>
    /// <exception cref="FormatException">The bytes are no complete tree.</exception>
    public static Tree Parse(ReadOnlySpan<byte> encoded)
    {
        try
        {
            var message = Protocol.Tree.Parser.ParseFrom(encoded);
            return Create(
                TreeDirectory.FromMessage(message.Root ?? throw new FormatException("The tree has no root.")),
                message.Children.Select(TreeDirectory.FromMessage)
            );
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException("The bytes are no Tree message.", e);
        }
    }

    /// <summary>The encoded <c>Tree</c> message: the root, then the other directories by digest.</summary>
    public byte[] Encode()
    {
        var message = new Protocol.Tree { Root = Root.ToMessage() };
        message.Children.AddRange(directories.Values.OrderBy(x => x.Digest).Select(x => x.ToMessage()));
        return message.ToByteArray();
    }

    /// <summary>The directory that a folder of this tree names.</summary>
    public TreeDirectory Directory(TreeFolder folder) => directories[folder.Digest];

    /// <summary>All directories below the root, each once.</summary>
    public IEnumerable<TreeDirectory> Descendants => directories.Values;

    /// <summary>The entry at a path relative to the root, or null; a link on the way is not followed.</summary>
    public TreeEntry? Find(string path)
    {
        var directory = Root;
        var start = 0;
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', start))
        {
            if (directory.Find(path[start..slash]) is not TreeFolder folder)
                return null;
            directory = Directory(folder);
            start = slash + 1;
        }
        return directory.Find(path[start..])?.At(path);
    }

    /// <summary>
    /// All entries, parents before children, each directory's entries sorted by the UTF-8 bytes of the name.
    /// </summary>
    public IEnumerable<TreeEntry> Walk()
    {
        // No recursion: strangers choose how deep folders are.
        var open = new Stack<(IEnumerator<TreeNode> Children, int Prefix)>();
        var prefix = new StringBuilder();
        open.Push((Children(Root), 0));
        while (open.TryPeek(out var at))
        {
            prefix.Length = at.Prefix;
            if (!at.Children.MoveNext())
            {
                open.Pop();
                continue;
            }
            var child = at.Children.Current;
            yield return child.At(prefix.Append(child.Name).ToString());
            if (child is TreeFolder folder)
                open.Push((Children(Directory(folder)), prefix.Append('/').Length));
        }
    }

    private static IEnumerator<TreeNode> Children(TreeDirectory directory) =>
        directory.Nodes.OrderBy(x => x.Name, TreeDirectory.NameOrder).GetEnumerator();
}
