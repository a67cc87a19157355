using System.Security.Cryptography;
using System.Text;

namespace Recipes.Engine.Content;

public sealed partial class ContentStore
{
    /// <summary>The document under a key, or null; a damaged one is dropped and null. Marks it as used now.</summary>
    public byte[]? FindRecord(RecordKind kind, Digest key)
    {
        var path = Layout.Record(kind, key);
        if (!Use(path, out _))
            return null;
        var document = TryReadRecord(kind, key.Hash, path);
        if (document is null)
            Drop(path);
        return document;
    }

    /// <summary>Keeps a document under a key, in place of an earlier one.</summary>
    public void WriteRecord(RecordKind kind, Digest key, ReadOnlySpan<byte> document) =>
        Write(Layout.Record(kind, key), [.. Checksum(kind, key.Hash, document), .. document], isDear: !IsDerived(kind));

    /// <summary>Forgets the document under a key, if there is one.</summary>
    public void DropRecord(RecordKind kind, Digest key)
    {
        RequireWritable();
        if (Directory.Exists(Layout.RecordFolder(kind)))
            Delete(Layout.Record(kind, key));
    }

    internal static byte[]? TryReadRecord(RecordKind kind, string key, string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (IOException)
        {
            return null;
        }
        if (bytes.Length < SHA256.HashSizeInBytes)
            return null;
        var document = bytes.AsSpan(SHA256.HashSizeInBytes);
        return bytes.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(Checksum(kind, key, document)) ? document.ToArray() : null;
    }

    // What is computed from the rest of the store in no time.
    private static bool IsDerived(RecordKind kind) => kind is RecordKind.Merge or RecordKind.Stamp or RecordKind.History;

    private static void Delete(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    // Kind and key take part, so that a file under a wrong name counts as damaged too.
    private static byte[] Checksum(RecordKind kind, string key, ReadOnlySpan<byte> document) =>
        SHA256.HashData([.. Encoding.ASCII.GetBytes($"{kind}\n{key}\n"), .. document]);
}
