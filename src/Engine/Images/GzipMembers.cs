using System.IO.Compression;
using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>
/// A stream that compresses what is written to it as gzip members of 1 MiB each (RFC 1952, section 2.2), several at
/// once. The bytes do not depend on how many.
/// </summary>
internal sealed class GzipMembers(Stream output) : WriteOnlyStream
{
    private const int MemberSize = 1 << 20;

    private readonly Queue<Task<MemoryStream>> running = new();
    private byte[] buffer = new byte[MemberSize];
    private int filled;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var taken = Math.Min(buffer.Length, MemberSize - filled);
            buffer[..taken].CopyTo(this.buffer.AsSpan(filled));
            buffer = buffer[taken..];
            filled += taken;
            if (filled == MemberSize)
                EndMember();
        }
    }

    /// <summary>Writes what is left; nothing may be written afterwards.</summary>
    public void Finish()
    {
        if (filled > 0)
            EndMember();
        while (running.Count > 0)
            WriteMember();
    }

    public override void Flush() { }

    private void EndMember()
    {
        var (full, length) = (buffer, filled);
        running.Enqueue(Task.Run(() => Compress(full, length)));
        (buffer, filled) = (new byte[MemberSize], 0);
        // Enough to keep every core busy, and not the whole layer in memory.
        if (running.Count > 2 * Environment.ProcessorCount)
            WriteMember();
    }

    private void WriteMember()
    {
        using var member = running.Dequeue().GetAwaiter().GetResult();
        member.WriteTo(output);
    }

    private static MemoryStream Compress(byte[] bytes, int length)
    {
        var member = new MemoryStream(length / 2);
        using (var gzip = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(bytes, 0, length);
        return member;
    }
}
