using System.Collections.Immutable;

namespace Recipes.Engine.Inspection;

/// <summary>Reads an ELF file through its program headers.</summary>
internal readonly ref struct ElfParser(ElfBytes bytes)
{
    private const uint Dynamic = 2;
    private const uint Interp = 3;
    private const uint Note = 4;

    private readonly ElfBytes bytes = bytes;

    public ElfFile Parse()
    {
        var type = bytes.Half(16);
        var segments = ReadSegments();
        var elf = new ElfFile
        {
            Type = type <= 3 ? (ElfType)type : ElfType.Other,
            Machine = bytes.Half(18),
            Is64Bit = bytes.Is64Bit,
            IsLittleEndian = bytes.IsLittleEndian,
        };
        // There may be thousands of segments over the same bytes. Of two that say the same thing, the last one counts.
        ElfSegment? dynamic = null;
        var notes = bytes.Length;
        foreach (var segment in segments)
        {
            if (segment.Type == Interp)
                elf = elf with { Interpreter = bytes.Text(segment.Offset) };
            else if (segment.Type == Note && !elf.HasGnuAbiTag && segment.FileSize <= notes)
            {
                notes -= segment.FileSize;
                elf = elf with { HasGnuAbiTag = HasAbiTag(segment) };
            }
            else if (segment.Type == Dynamic)
                dynamic = segment;
        }
        return dynamic is { } section ? new ElfDynamic(bytes, segments, section).AddTo(elf) : elf;
    }

    private ImmutableArray<ElfSegment> ReadSegments()
    {
        var wide = bytes.Is64Bit;
        var start = bytes.Word(wide ? 32u : 28u);
        var size = bytes.Half(wide ? 54u : 42u);
        var count = bytes.Half(wide ? 56u : 44u);
        if (count > 0 && size < (wide ? 56 : 32))
            throw new FormatException("The program headers of the ELF file are too small.");
        var segments = ImmutableArray.CreateBuilder<ElfSegment>();
        for (var i = 0u; i < count; i++)
        {
            var at = ElfDynamic.Sum(start, (ulong)i * size);
            segments.Add(
                wide
                    ? new(bytes.Number(at), bytes.Word(at + 8), bytes.Word(at + 16), bytes.Word(at + 32))
                    : new(bytes.Number(at), bytes.Word(at + 4), bytes.Word(at + 8), bytes.Word(at + 16))
            );
        }
        return segments.ToImmutable();
    }

    // A note is three numbers (length of name, length of content, type), the name and the content, each to a multiple
    // of 4.
    private bool HasAbiTag(ElfSegment segment)
    {
        var notes = bytes.Slice(segment.Offset, segment.FileSize);
        for (var at = 0ul; at + 16 <= (ulong)notes.Length; )
        {
            var start = segment.Offset + at;
            var (name, content, type) = (bytes.Number(start), bytes.Number(start + 4), bytes.Number(start + 8));
            if (name == 4 && type == 1 && bytes.Slice(start + 12, 4).SequenceEqual("GNU\0"u8))
                return true;
            at += 12 + Padded(name) + Padded(content);
        }
        return false;
    }

    private static ulong Padded(uint length) => ((ulong)length + 3) & ~3ul;
}

/// <summary>A program header.</summary>
/// <param name="Type"><c>p_type</c>.</param>
/// <param name="Offset">In the file.</param>
/// <param name="Address">In memory.</param>
/// <param name="FileSize">Bytes in the file.</param>
internal readonly record struct ElfSegment(uint Type, ulong Offset, ulong Address, ulong FileSize)
{
    public bool IsLoaded => Type == 1;
}
