using System.Buffers.Binary;
using System.Text;

namespace Recipes.Engine.Inspection;

/// <summary>
/// Reads numbers and strings of an ELF file; whatever leads outside of the file is a <see cref="FormatException"/>.
/// </summary>
internal readonly ref struct ElfBytes
{
    // Longer than any name that a compiler writes.
    private const int MaxString = 1 << 16;

    // Linkers let names share their ends, but hardly more: who has symbols share long names wants memory to run out.
    private const long TextPerByte = 4;

    private readonly ReadOnlySpan<byte> bytes;
    private readonly TextAllowance allowance;

    public ElfBytes(ReadOnlySpan<byte> bytes)
    {
        if (!ElfFile.IsElf(bytes) || bytes.Length < 20)
            throw new FormatException("This is not an ELF file.");
        this.bytes = bytes;
        allowance = new(MaxString + (TextPerByte * bytes.Length));
        (Is64Bit, IsLittleEndian) = (bytes[4], bytes[5]) switch
        {
            (1, 1) => (false, true),
            (1, 2) => (false, false),
            (2, 1) => (true, true),
            (2, 2) => (true, false),
            _ => throw new FormatException("The ELF file is of an unknown class or byte order."),
        };
    }

    public bool Is64Bit { get; }

    public bool IsLittleEndian { get; }

    public ulong Length => (ulong)bytes.Length;

    /// <summary>The size of an address.</summary>
    public int WordSize => Is64Bit ? 8 : 4;

    public byte Byte(ulong offset) => Slice(offset, 1)[0];

    public ushort Half(ulong offset)
    {
        var slice = Slice(offset, 2);
        return IsLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(slice)
            : BinaryPrimitives.ReadUInt16BigEndian(slice);
    }

    public uint Number(ulong offset)
    {
        var slice = Slice(offset, 4);
        return IsLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(slice)
            : BinaryPrimitives.ReadUInt32BigEndian(slice);
    }

    /// <summary>An address, offset or size: 4 or 8 bytes.</summary>
    public ulong Word(ulong offset)
    {
        if (!Is64Bit)
            return Number(offset);
        var slice = Slice(offset, 8);
        return IsLittleEndian
            ? BinaryPrimitives.ReadUInt64LittleEndian(slice)
            : BinaryPrimitives.ReadUInt64BigEndian(slice);
    }

    /// <summary>A string that ends with a NUL.</summary>
    public string Text(ulong offset)
    {
        if (offset >= Length)
            throw Outside(offset);
        var rest = bytes[(int)offset..];
        var end = rest[..Math.Min(rest.Length, MaxString)].IndexOf((byte)0);
        if (end < 0)
            throw new FormatException("A string of the ELF file has no end.");
        allowance.Take(end);
        return Encoding.UTF8.GetString(rest[..end]);
    }

    public ReadOnlySpan<byte> Slice(ulong offset, ulong count) =>
        offset <= Length && count <= Length - offset ? bytes.Slice((int)offset, (int)count) : throw Outside(offset);

    /// <summary>The bytes of strings that may still be read, however often.</summary>
    private sealed class TextAllowance(long left)
    {
        private long left = left;

        public void Take(int length)
        {
            left -= length;
            if (left < 0)
                throw new FormatException("The ELF file is damaged: its names are much longer than itself.");
        }
    }

    private static FormatException Outside(ulong offset) =>
        new($"The ELF file is cut off, or damaged: {offset:x} lies outside of it.");
}
