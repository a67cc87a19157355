using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Recipes.Engine.Sources.Trees;

/// <summary>
/// Computes ids of git objects: the SHA-1 of a header (<c>blob 12\0</c>) and the content. Not safe for several threads.
/// </summary>
/// <remarks>See gitformat-pack(5) and git-hash-object(1).</remarks>
[SuppressMessage("Security", "CA5350", Justification = "git's object ids are SHA-1; SHA-256 is what is trusted.")]
internal sealed class GitObject : IDisposable
{
    private readonly IncrementalHash sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);

    /// <summary>The id of an object of this kind (<c>blob</c>, <c>tree</c>, <c>commit</c>) and content.</summary>
    public static byte[] Id(string kind, ReadOnlySpan<byte> content)
    {
        using var git = new GitObject();
        git.Start(kind, content.Length);
        git.Append(content);
        return git.Finish();
    }

    /// <summary>Begins an object whose content has this many bytes.</summary>
    public void Start(string kind, long length) =>
        sha1.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {length}\0")));

    /// <summary>Adds content.</summary>
    public void Append(ReadOnlySpan<byte> content) => sha1.AppendData(content);

    /// <summary>The 20 bytes of the id; the next object may start then.</summary>
    public byte[] Finish() => sha1.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose() => sha1.Dispose();
}
