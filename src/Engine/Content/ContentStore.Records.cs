using System.Security.Cryptography;
using System.Text;

namespace Recipes.Engine.Content;

internal sealed partial class ContentStore
{
    /// <summary>
    /// The document under a key, or null; a damaged one is dropped and null, and so is one that another version wrote
    /// in another form. Marks it as used now.
    /// </summary>
    internal T? FindRecord<T>(RecordType<T> type, Digest key)
        where T : class
    {
        var path = Layout.Record(type, key);
        if (!Use(path, out _))
            return null;
        var document = TryReadRecord(type.Name, key.Hash, path);
        if (document is null)
            Drop(path);
        return document is null ? null : type.Decode(document);
    }

    /// <summary>Keeps a document under a key, in place of an earlier one.</summary>
    internal void WriteRecord<T>(RecordType<T> type, Digest key, T document)
        where T : class
    {
        var bytes = type.Encode(document);
        Write(
            Layout.Record(type, key),
            [.. Checksum(type.Name, key.Hash, bytes), .. bytes],
            isDear: type.Role != RecordRole.Derived
        );
    }

    /// <summary>Forgets the document under a key, if there is one.</summary>
    internal void DropRecord(RecordType type, Digest key)
    {
        RequireWritable();
        if (Directory.Exists(Layout.RecordFolder(type.Name)))
            Delete(Layout.Record(type, key));
    }

    /// <summary>Drops what may have come from damaged trees.</summary>
    internal IReadOnlyList<(string Kind, string Key)> DropResultsOf(IReadOnlyCollection<string> trees) =>
        StoreTaint.Drop(Layout, trees, kind => roles.GetValueOrDefault(kind) == RecordRole.Result);

    internal static byte[]? TryReadRecord(string kind, string key, string path)
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
        return bytes.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(Checksum(kind, key, document))
            ? document.ToArray()
            : null;
    }

    private static void Delete(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
    }

    // Kind and key take part, so that a file under a wrong name counts as damaged too. The kind begins with a capital
    // there.
    private static byte[] Checksum(string kind, string key, ReadOnlySpan<byte> document) =>
        SHA256.HashData([
            .. Encoding.UTF8.GetBytes($"{char.ToUpperInvariant(kind[0])}{kind[1..]}\n{key}\n"),
            .. document,
        ]);
}
