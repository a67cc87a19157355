using System.Collections.Immutable;
using System.Text;
using Google.Protobuf;

namespace Recipes.Engine.Content;

/// <summary>
/// One directory of a tree, as the canonical Remote Execution API v2 message <c>Directory</c>: the children of each
/// kind sorted by the UTF-8 bytes of their names, and no name twice.
/// </summary>
internal sealed class TreeDirectory
{
    private readonly byte[] bytes;

    private TreeDirectory(
        ImmutableArray<TreeFile> files,
        ImmutableArray<TreeFolder> folders,
        ImmutableArray<TreeLink> links,
        byte[] bytes
    )
    {
        (Files, Folders, Links, this.bytes) = (files, folders, links, bytes);
        Digest = Digest.Of(bytes);
    }

    /// <summary>The directory without children.</summary>
    public static TreeDirectory Empty { get; } = Create([], [], []);

    /// <summary>The regular files.</summary>
    public ImmutableArray<TreeFile> Files { get; }

    /// <summary>The folders.</summary>
    public ImmutableArray<TreeFolder> Folders { get; }

    /// <summary>The symbolic links.</summary>
    public ImmutableArray<TreeLink> Links { get; }

    /// <summary>All children: the files, the folders, the links.</summary>
    public IEnumerable<TreeNode> Nodes => [.. Files, .. Folders, .. Links];

    /// <summary>The digest of the encoded message.</summary>
    public Digest Digest { get; }

    /// <summary>
    /// Compares names as the specification asks: by UTF-8 bytes, which differs from .NET's ordinal order.
    /// </summary>
    public static IComparer<string> NameOrder { get; } = Comparer<string>.Create(CompareUtf8);

    /// <summary>The directory with these children, in any order.</summary>
    /// <exception cref="ArgumentException">A name appears twice, or is not a path segment.</exception>
    public static TreeDirectory Create(IReadOnlyCollection<TreeNode> nodes) =>
        Create(nodes.OfType<TreeFile>(), nodes.OfType<TreeFolder>(), nodes.OfType<TreeLink>());

    /// <inheritdoc cref="Create(IReadOnlyCollection{TreeNode})"/>
    public static TreeDirectory Create(
        IEnumerable<TreeFile> files,
        IEnumerable<TreeFolder> folders,
        IEnumerable<TreeLink> links
    )
    {
        var (f, d, l) = (Sorted(files), Sorted(folders), Sorted(links));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in f.Select(x => x.Name).Concat(d.Select(x => x.Name)).Concat(l.Select(x => x.Name)))
        {
            if (name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal))
                throw new ArgumentException($"'{name}' is not the name of a file.");
            if (!names.Add(name))
                throw new ArgumentException($"The name '{name}' appears twice in one directory.");
        }
        return new(f, d, l, ToMessage(f, d, l).ToByteArray());
    }

    /// <summary>Reads an encoded <c>Directory</c> message.</summary>
    /// <exception cref="FormatException">The bytes are no message, or not in canonical form.</exception>
    public static TreeDirectory Parse(ReadOnlySpan<byte> encoded)
    {
        Protocol.Directory message;
        try
        {
            message = Protocol.Directory.Parser.ParseFrom(encoded);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException("The bytes are no Directory message.", e);
        }
        var directory = FromMessage(message);
        return encoded.SequenceEqual(directory.bytes)
            ? directory
            : throw new FormatException("The Directory message is not in canonical form.");
    }

    /// <exception cref="FormatException">The message describes no directory.</exception>
    internal static TreeDirectory FromMessage(Protocol.Directory message)
    {
        try
        {
            return Create(
                message.Files.Select(x => new TreeFile(x.Name, FromMessage(x.Digest), x.IsExecutable)),
                message.Directories.Select(x => new TreeFolder(x.Name, FromMessage(x.Digest))),
                message.Symlinks.Select(x => new TreeLink(x.Name, x.Target))
            );
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"The message describes no directory: {e.Message}", e);
        }
    }

    /// <summary>The encoded message.</summary>
    public ReadOnlyMemory<byte> Encode() => bytes;

    internal Protocol.Directory ToMessage() => ToMessage(Files, Folders, Links);

    private static Protocol.Directory ToMessage(
        ImmutableArray<TreeFile> files,
        ImmutableArray<TreeFolder> folders,
        ImmutableArray<TreeLink> links
    )
    {
        var message = new Protocol.Directory();
        message.Files.AddRange(
            files.Select(x => new Protocol.FileNode
            {
                Name = x.Name,
                Digest = ToMessage(x.Digest),
                IsExecutable = x.IsExecutable,
            })
        );
        message.Directories.AddRange(
            folders.Select(x => new Protocol.DirectoryNode { Name = x.Name, Digest = ToMessage(x.Digest) })
        );
        message.Symlinks.AddRange(links.Select(x => new Protocol.SymlinkNode { Name = x.Name, Target = x.Target }));
        return message;
    }

    internal static Protocol.Digest ToMessage(Digest digest) => new() { Hash = digest.Hash, SizeBytes = digest.Size };

    internal static Digest FromMessage(Protocol.Digest? message) =>
        message is not null && Digest.TryFromHex(message.Hash, message.SizeBytes, out var digest)
            ? digest
            : throw new FormatException("The message holds no valid digest.");

    /// <summary>The child of a name, or null.</summary>
    public TreeNode? Find(string name) => (Find(Files, name) ?? (TreeNode?)Find(Links, name)) ?? Find(Folders, name);

    private static T? Find<T>(ImmutableArray<T> sorted, string name)
        where T : TreeNode
    {
        var (low, high) = (0, sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = NameOrder.Compare(sorted[middle].Name, name);
            if (order == 0)
                return sorted[middle];
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    private static ImmutableArray<T> Sorted<T>(IEnumerable<T> nodes)
        where T : TreeNode => [.. nodes.OrderBy(x => x.Name, NameOrder)];

    private static int CompareUtf8(string a, string b)
    {
        // Only surrogates sort differently in UTF-16, and such names are rare.
        for (int i = 0, end = Math.Min(a.Length, b.Length); i < end; i++)
        {
            if (a[i] == b[i])
                continue;
            return char.IsSurrogate(a[i]) || char.IsSurrogate(b[i])
                ? Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))
                : a[i].CompareTo(b[i]);
        }
        return a.Length.CompareTo(b.Length);
    }
}
