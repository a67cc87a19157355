using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Recipes.Engine.Content;

/// <summary>What the store has to know of a kind of record to take care of it.</summary>
internal enum RecordRole
{
    /// <summary>
    /// Tells what an action left, or says so of a tree: it goes when a tree that took part turns out to be damaged.
    /// </summary>
    Result,

    /// <summary>Computed in no time from other things, or of little use: a loss of power may take it.</summary>
    Derived,

    /// <summary>Costs something to make anew, and stays right whatever becomes of any tree.</summary>
    Lasting,
}

/// <summary>
/// A kind of small documents that the store keeps under a key, declared beside the code that owns them. The store
/// itself knows none but its own: what there is to verify it sees by the folders on disk, and the role of a kind is
/// told when it is opened.
/// </summary>
internal abstract class RecordType
{
    private protected RecordType(string name, RecordRole role) => (Name, Role) = (name, role);

    /// <summary>The name of its folder in <c>records/</c>, one word in lower case.</summary>
    public string Name { get; }

    /// <summary>How it is taken care of.</summary>
    public RecordRole Role { get; }

    /// <summary>Documents in JSON.</summary>
    internal static RecordType<T> OfJson<T>(string name, RecordRole role, JsonTypeInfo<T> type)
        where T : class =>
        new(name, role, x => JsonSerializer.SerializeToUtf8Bytes(x, type), x => JsonSerializer.Deserialize(x, type));

    /// <summary>Documents that are one digest.</summary>
    internal static RecordType<DigestDocument> OfDigest(string name, RecordRole role) =>
        new(
            name,
            role,
            x => Encoding.ASCII.GetBytes(x.Digest.ToString()),
            x => Digest.TryParse(Encoding.ASCII.GetString(x), out var digest) ? new(digest) : null
        );

    /// <summary>Documents of lines, none of them empty.</summary>
    internal static RecordType<IReadOnlyList<string>> OfLines(string name, RecordRole role) =>
        new(
            name,
            role,
            x => Encoding.UTF8.GetBytes(string.Concat(x.Select(line => line + "\n"))),
            x => Encoding.UTF8.GetString(x).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );

    /// <summary>Documents that their owner reads.</summary>
    internal static RecordType<byte[]> OfBytes(string name, RecordRole role) => new(name, role, x => x, x => x);
}

/// <summary>A kind of records with their documents.</summary>
/// <typeparam name="T">What a document says.</typeparam>
internal sealed class RecordType<T>(string name, RecordRole role, Func<T, byte[]> encode, Func<byte[], T?> decode)
    : RecordType(name, role)
    where T : class
{
    /// <summary>The bytes of a document.</summary>
    public byte[] Encode(T document) => encode(document);

    /// <summary>What a document says; null if it says something else, as of another version.</summary>
    public T? Decode(byte[] bytes)
    {
        try
        {
            return decode(bytes);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>A document that is one digest.</summary>
internal sealed record DigestDocument(Digest Digest);
