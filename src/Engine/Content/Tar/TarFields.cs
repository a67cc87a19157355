using System.Text;

namespace Recipes.Engine.Content.Tar;

/// <summary>The fields of a header block, as POSIX, GNU and older programs write them.</summary>
/// <remarks>See tar(5) of libarchive, and "Basic Tar Format" in GNU tar's manual.</remarks>
internal static class TarFields
{
    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;

    /// <summary>A text up to its first zero byte.</summary>
    public static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>What stands before the first zero byte.</summary>
    public static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> field) =>
        field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field;

    /// <summary>A number: octal digits, or base 256 where the first bit is set. An empty field is 0.</summary>
    /// <exception cref="InvalidDataException">It has neither form.</exception>
    /// <exception cref="OverflowException">It is beyond 64 bits.</exception>
    public static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
            return Binary(field);
        var value = 0L;
        foreach (var digit in field.Trim("\0 "u8))
        {
            if (digit is 0 or (byte)' ')
                break;
            if (digit is < (byte)'0' or > (byte)'7')
                throw new InvalidDataException("a field holds no number");
            value = checked((value * 8) + (digit - '0'));
        }
        return value;
    }

    /// <summary>As above, of what cannot be negative.</summary>
    /// <exception cref="OverflowException">It is negative, or beyond 64 bits.</exception>
    public static long Size(ReadOnlySpan<byte> field) =>
        Number(field) is var size and >= 0 ? size : throw new OverflowException();

    /// <summary>True if the block has the checksum of a header; very old programs summed signed bytes.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block)
    {
        var (unsigned, signed) = (ChecksumLength * ' ', ChecksumLength * ' ');
        for (var i = 0; i < block.Length; i++)
        {
            if (i is >= ChecksumOffset and < ChecksumOffset + ChecksumLength)
                continue;
            unsigned += block[i];
            signed += (sbyte)block[i];
        }
        try
        {
            var written = Number(block.Slice(ChecksumOffset, ChecksumLength));
            return written == unsigned || written == signed;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>In two's complement, but for the bit that tells it from octal digits.</summary>
    private static long Binary(ReadOnlySpan<byte> field)
    {
        Int128 value = (field[0] & 0x40) == 0 ? field[0] & 0x3f : (field[0] & 0x3f) - 0x40;
        foreach (var part in field[1..])
            value = (value << 8) | part;
        return checked((long)value);
    }
}
