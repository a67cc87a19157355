using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Recipes.Engine.Content;

/// <summary>
/// How the files of a tree looked to the kernel when their content was last known to be right. As long as they look the
/// same, nobody has written to them, and they need not be read again.
/// </summary>
/// <param name="Boot">
/// The boot of the machine during which the files were written; empty once they were read back after a later one.
/// </param>
/// <param name="Entries">One for each entry of the tree, in its order.</param>
internal sealed record TreeStamp(string Boot, ImmutableArray<EntryStamp> Entries)
{
    private const int EntrySize = 20;

    /// <summary>The boot of the machine that runs now; empty where the kernel does not tell.</summary>
    public static string ThisBoot { get; } = ReadBoot();

    /// <summary>Looks at all files of a tree.</summary>
    /// <returns>
    /// Null where something is missing, or differs in kind, size, mode or time: only reading tells what it is.
    /// </returns>
    public static TreeStamp? Take(string directory, Tree tree, string boot)
    {
        // The mtime of a folder tells of names that were added or removed.
        if (Posix.Stat(directory) is not { Kind: FileKind.Folder } root || !FileStamp.IsSet(root))
            return null;
        var entries = tree.Walk().ToList();
        var stamps = new EntryStamp[entries.Count];
        var result = Parallel.For(0, entries.Count, (i, loop) =>
        {
            if (Posix.Stat(Path.Join(directory, entries[i].Path)) is { } stat && Fits(entries[i], stat))
                stamps[i] = new(stat.Inode, stat.Changed, stat.Links);
            else
                loop.Stop();
        });
        return result.IsCompleted ? new(boot, [.. stamps]) : null;
    }

    /// <summary>True if nothing was written to since this stamp was taken.</summary>
    /// <param name="now">How the same tree looks now.</param>
    public bool Covers(TreeStamp now) =>
        Entries.Length == now.Entries.Length && Entries.Zip(now.Entries).All(x => x.First.Covers(x.Second));

    /// <summary>The document that the store keeps.</summary>
    public byte[] Encode()
    {
        var boot = Encoding.ASCII.GetBytes(Boot);
        var bytes = new byte[1 + boot.Length + (EntrySize * Entries.Length)];
        bytes[0] = (byte)boot.Length;
        boot.CopyTo(bytes, 1);
        var rest = bytes.AsSpan(1 + boot.Length);
        foreach (var (inode, changed, links) in Entries)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, inode);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], changed);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], links);
            rest = rest[EntrySize..];
        }
        return bytes;
    }

    /// <summary>Reads a document; null for one of another form.</summary>
    public static TreeStamp? Parse(ReadOnlySpan<byte> document)
    {
        if (
            document.IsEmpty
            || document.Length < 1 + document[0]
            || (document.Length - 1 - document[0]) % EntrySize != 0
        )
            return null;
        var boot = Encoding.ASCII.GetString(document.Slice(1, document[0]));
        var entries = ImmutableArray.CreateBuilder<EntryStamp>();
        for (var rest = document[(1 + document[0])..]; !rest.IsEmpty; rest = rest[EntrySize..])
            entries.Add(
                new(
                    BinaryPrimitives.ReadUInt64LittleEndian(rest),
                    BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(rest[16..])
                )
            );
        return new(boot, entries.ToImmutable());
    }

    private static bool Fits(TreeEntry entry, FileStat stat) =>
        FileStamp.IsSet(stat)
        && entry.Kind switch
        {
            TreeEntryKind.Folder => stat.Kind == FileKind.Folder,
            TreeEntryKind.Link => stat.Kind == FileKind.Link && stat.Size == Encoding.UTF8.GetByteCount(entry.Target!),
            _ => stat.Kind == FileKind.File
                && stat.Size == entry.Digest.Size
                && stat.IsExecutable == entry.IsExecutable,
        };

    private static string ReadBoot()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

/// <summary>How one file looked.</summary>
/// <param name="Inode">The file itself.</param>
/// <param name="Changed">The time of its last change, of metadata too.</param>
/// <param name="Links">How many names it had.</param>
internal readonly record struct EntryStamp(ulong Inode, long Changed, uint Links)
{
    /// <summary>
    /// True if the file is the same, and nobody wrote to it. Outputs share files with their stage, and a new name, or
    /// one less, moves the time of change as a write does; a write also moves the time of modification, which is looked
    /// at in any case.
    /// </summary>
    public bool Covers(EntryStamp now) => Inode == now.Inode && (Changed == now.Changed || Links != now.Links);
}
