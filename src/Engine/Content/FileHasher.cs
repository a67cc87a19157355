using System.Buffers;
using System.Security.Cryptography;

namespace Recipes.Engine.Content;

/// <summary>Hashes one file after another with one buffer; one instance a thread.</summary>
internal sealed class FileHasher : IDisposable
{
    private const int BufferSize = 1 << 18;

    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private IncrementalHash? incremental;

    /// <summary>The digest of a regular file's content, read once.</summary>
    public Digest Hash(string path, CancellationToken cancellationToken)
    {
        using var file = Posix.OpenFile(path);
        var length = RandomAccess.Read(file, buffer, 0);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (length < buffer.Length)
        {
            SHA256.HashData(buffer.AsSpan(0, length), hash);
            return Digest.FromHash(hash, length);
        }
        // Not kept from a file that was broken off.
        incremental?.Dispose();
        incremental = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long offset = 0;
        while (length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            incremental.AppendData(buffer, 0, length);
            offset += length;
            length = RandomAccess.Read(file, buffer, offset);
        }
        incremental.GetHashAndReset(hash);
        return Digest.FromHash(hash, offset);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        incremental?.Dispose();
    }
}
