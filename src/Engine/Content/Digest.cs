using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Recipes.Engine.Content;

/// <summary>
/// The name of some bytes: their SHA-256 and their length, as in the Remote Execution API v2 message <c>Digest</c>.
/// Keys and records have it as <c>hash/size</c>, with the hash in lower case hexadecimal; people read it as
/// <see cref="Oci"/>.
/// </summary>
/// <remarks>
/// See https://github.com/bazelbuild/remote-apis, <c>remote_execution.proto</c>, message <c>Digest</c>.
/// </remarks>
[JsonConverter(typeof(DigestConverter))]
public readonly record struct Digest : IComparable<Digest>
{
    private const string OciAlgorithm = "sha256:";
    private const int HashLength = 2 * SHA256.HashSizeInBytes;

    private readonly string? hash;

    private Digest(string hash, long size) => (this.hash, Size) = (hash, size);

    /// <summary>64 lower case hexadecimal digits.</summary>
    public string Hash => hash ?? throw new InvalidOperationException("This digest was never set.");

    /// <summary>
    /// <c>sha256:hash</c>, as the OCI image specification writes digests; empty where this names nothing.
    /// </summary>
    /// <remarks>See https://github.com/opencontainers/image-spec, <c>descriptor.md</c>, "Digests".</remarks>
    public string Oci => hash is null ? "" : OciAlgorithm + hash;

    /// <summary><c>sha256:hash/size</c>, as the lock has it; empty where this names nothing.</summary>
    public string OciWithSize => hash is null ? "" : OciAlgorithm + ToString();

    /// <summary>The length in bytes.</summary>
    public long Size { get; }

    /// <summary>True for <c>default(Digest)</c>, which names nothing.</summary>
    public bool IsEmpty => hash is null;

    /// <summary>The digest of these bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes) => FromHash(SHA256.HashData(bytes), bytes.Length);

    /// <summary>The digest of a text in UTF-8.</summary>
    public static Digest OfText(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The digest with this SHA-256 (32 bytes) and size in bytes.</summary>
    /// <exception cref="ArgumentException">The hash is not 32 bytes long, or the size is negative.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> hash, long size)
    {
        if (hash.Length != SHA256.HashSizeInBytes || size < 0)
            throw new ArgumentException("A digest is 32 bytes of SHA-256 and a size of 0 or more.");
        return new(Convert.ToHexStringLower(hash), size);
    }

    /// <summary>The digest of a file's content.</summary>
    public static Digest OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return FromHash(SHA256.HashData(stream), stream.Length);
    }

    /// <summary>Reads <c>sha256:hash/size</c>, or <c>hash/size</c>.</summary>
    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest)
            ? digest
            : throw new FormatException(
                $"'{text}' is not a digest; expected 'sha256:', 64 hexadecimal digits, '/', and a size."
            );

    /// <summary>Reads <c>sha256:hash/size</c>, or <c>hash/size</c>; false if the text is anything else.</summary>
    public static bool TryParse(string? text, out Digest digest)
    {
        digest = default;
        if (text?.StartsWith(OciAlgorithm, StringComparison.Ordinal) == true)
            text = text[OciAlgorithm.Length..];
        if (text is null || text.Length < HashLength + 2 || text[HashLength] != '/')
            return false;
        return long.TryParse(text.AsSpan(HashLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && TryFromHex(text[..HashLength], size, out digest);
    }

    /// <summary>
    /// Makes a digest from a hash in lower case hexadecimal and a size; false if the hash is not a SHA-256.
    /// </summary>
    public static bool TryFromHex(string hash, long size, out Digest digest)
    {
        digest = default;
        if (hash.Length != HashLength || size < 0 || !hash.All(char.IsAsciiHexDigitLower))
            return false;
        digest = new(hash, size);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Digest other) => string.CompareOrdinal(hash, other.hash);

    /// <summary><c>hash/size</c>.</summary>
    public override string ToString() =>
        hash is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{hash}/{Size}");

    /// <summary>Orders by hash.</summary>
    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    /// <summary>Orders by hash.</summary>
    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by hash.</summary>
    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    /// <summary>Orders by hash.</summary>
    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;
}
