namespace Recipes.Engine.Content.Tar;

/// <summary>A sparse file, with zeros for its holes.</summary>
/// <param name="data">The stretches of data, one after the other; not closed.</param>
/// <param name="map">Where they go.</param>
internal sealed class SparseStream(Stream data, SparseMap map) : ReadOnlyStream
{
    private long position;
    private int part;

    public override long Length => map.Length;

    public override int Read(Span<byte> buffer)
    {
        var (length, isData) = Next(buffer.Length);
        if (!isData)
            buffer[..length].Clear();
        else
            length = data.Read(buffer[..length]);
        position += length;
        return length;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var (length, isData) = Next(buffer.Length);
        if (!isData)
            buffer.Span[..length].Clear();
        else
            length = await data.ReadAsync(buffer[..length], cancellationToken);
        position += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>How many bytes are of one kind from here on; none at the end.</summary>
    private (int Length, bool IsData) Next(int wanted)
    {
        while (part < map.Parts.Count && position == map.Parts[part].Offset + map.Parts[part].Length)
            part++;
        if (wanted == 0)
            return (0, false);
        if (part == map.Parts.Count)
            return ((int)Math.Min(wanted, map.Length - position), false);
        var (offset, length) = map.Parts[part];
        return position < offset
            ? ((int)Math.Min(wanted, offset - position), false)
            : ((int)Math.Min(wanted, offset + length - position), true);
    }
}
