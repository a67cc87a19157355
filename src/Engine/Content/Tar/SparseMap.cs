using System.Text;

namespace Recipes.Engine.Content.Tar;

/// <summary>Where in a sparse file the bytes go that an archive holds of it; all else are zeros.</summary>
/// <param name="Length">Of the file, holes included.</param>
/// <param name="Parts">Stretches of data, in order and apart from each other.</param>
/// <remarks>See "Sparse Formats" in GNU tar's manual.</remarks>
internal sealed record SparseMap(long Length, IReadOnlyList<(long Offset, long Length)> Parts)
{
    /// <summary>A file of so many pieces takes 16 MiB of memory.</summary>
    public const int MaxParts = 1 << 20;

    /// <summary>A map whose stretches lie in the file, one after the other.</summary>
    /// <param name="length">Of the file.</param>
    /// <param name="parts">As the archive has them; empty ones mark the file's end, and are dropped.</param>
    /// <param name="stored">How many bytes the archive holds.</param>
    /// <exception cref="InvalidDataException">
    /// They overlap, leave the file, or are not as long as what is held.
    /// </exception>
    public static SparseMap Create(long length, IEnumerable<(long Offset, long Length)> parts, long stored)
    {
        var kept = new List<(long Offset, long Length)>();
        var (end, sum) = (0L, 0L);
        foreach (var part in parts)
        {
            if (part.Length < 0 || part.Offset < end || part.Offset > length || part.Length > length - part.Offset)
                throw new InvalidDataException("its map of holes is out of order");
            end = part.Offset + part.Length;
            sum += part.Length;
            if (part.Length > 0)
                kept.Add(part);
        }
        return sum == stored
            ? new(length, kept)
            : throw new InvalidDataException($"its map of holes is for {sum} bytes, and it holds {stored}");
    }

    /// <summary>Numbers in turn as pairs.</summary>
    /// <exception cref="InvalidDataException">They are not numbers, or one has no other.</exception>
    public static IEnumerable<(long Offset, long Length)> Pairs(IReadOnlyList<string> numbers)
    {
        if (numbers.Count % 2 != 0)
            throw new InvalidDataException("its map of holes is cut off");
        for (var i = 0; i < numbers.Count; i += 2)
            yield return (PaxRecords.ToNumber(numbers[i]), PaxRecords.ToNumber(numbers[i + 1]));
    }

    /// <exception cref="InvalidDataException">A map with more would take too much memory.</exception>
    public static void CheckCount(long parts)
    {
        if (parts is < 0 or > MaxParts)
            throw new InvalidDataException($"its map of holes has more than {MaxParts} parts");
    }
}

/// <summary>
/// Reads a map that stands before a file's data, as version 1.0 has it: numbers in lines, filled up to a block.
/// </summary>
internal sealed class SparseMapText
{
    /// <summary>A number has 19 digits at most.</summary>
    private const int MaxLine = 20;

    private readonly List<string> numbers = [];
    private readonly StringBuilder line = new();
    private long? wanted;

    /// <summary>Takes a block.</summary>
    /// <returns>True if the map is complete with it.</returns>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public bool Add(ReadOnlySpan<byte> block)
    {
        foreach (var next in block)
        {
            if (numbers.Count == wanted)
                return true;
            if (next != '\n')
            {
                if (!char.IsAsciiDigit((char)next) || line.Length == MaxLine)
                    throw new InvalidDataException("its map of holes is malformed");
                line.Append((char)next);
                continue;
            }
            var number = line.ToString();
            line.Clear();
            if (wanted is not null)
                numbers.Add(number);
            else
            {
                var count = PaxRecords.ToNumber(number);
                SparseMap.CheckCount(count);
                wanted = 2 * count;
            }
        }
        return numbers.Count == wanted;
    }

    /// <summary>The stretches of a complete map.</summary>
    public IEnumerable<(long Offset, long Length)> Parts => SparseMap.Pairs(numbers);
}
