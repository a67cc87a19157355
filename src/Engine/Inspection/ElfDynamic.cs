using System.Collections.Immutable;

namespace Recipes.Engine.Inspection;

/// <summary>Reads the dynamic section of an ELF file.</summary>
internal readonly ref struct ElfDynamic
{
    private readonly ElfBytes bytes;
    private readonly ImmutableArray<ElfSegment> segments;
    private readonly List<(ulong Tag, ulong Value)> entries = [];

    public ElfDynamic(ElfBytes bytes, ImmutableArray<ElfSegment> segments, ElfSegment section)
    {
        this.bytes = bytes;
        this.segments = segments;
        var size = (ulong)bytes.WordSize;
        _ = bytes.Slice(section.Offset, section.FileSize);
        for (var at = section.Offset; at + (2 * size) <= section.Offset + section.FileSize; at += 2 * size)
        {
            var tag = bytes.Word(at);
            if (tag == Tag.End)
                break;
            entries.Add((tag, bytes.Word(at + size)));
        }
    }

    public ElfFile AddTo(ElfFile elf)
    {
        elf = elf with { IsDynamicallyLinked = true };
        if (Find(Tag.Strings) is not { } address)
            return elf;
        var strings = OffsetOf(address);
        var (exported, undefined) = new ElfSymbolTable(bytes, this, strings).Read();
        return elf with
        {
            Soname = Texts(Tag.Soname, strings).FirstOrDefault(),
            Needed = Texts(Tag.Needed, strings),
            RunPath = Paths(Find(Tag.RunPath) is null ? Tag.OldRunPath : Tag.RunPath, strings),
            Exported = exported,
            Undefined = undefined,
        };
    }

    public ulong? Find(ulong tag)
    {
        foreach (var entry in entries)
        {
            if (entry.Tag == tag)
                return entry.Value;
        }
        return null;
    }

    /// <summary>Where in the file an address of the dynamic section is.</summary>
    public ulong OffsetOf(ulong address)
    {
        foreach (var segment in segments)
        {
            if (segment.IsLoaded && address >= segment.Address && address - segment.Address < segment.FileSize)
                return segment.Offset + (address - segment.Address);
        }
        throw new FormatException($"The ELF file is damaged: the address {address:x} is in no segment.");
    }

    private ImmutableArray<string> Texts(ulong tag, ulong strings)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in entries)
        {
            if (entry.Tag == tag)
                texts.Add(bytes.Text(Sum(strings, entry.Value)));
        }
        return texts.ToImmutable();
    }

    private ImmutableArray<string> Paths(ulong tag, ulong strings) =>
        [.. Texts(tag, strings).SelectMany(x => x.Split(':', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>A sum that leads outside of every file instead of wrapping around.</summary>
    public static ulong Sum(ulong a, ulong b) => a + b >= a ? a + b : ulong.MaxValue;

    /// <summary>The tags that are read (<c>d_tag</c>).</summary>
    internal static class Tag
    {
        public const ulong End = 0;
        public const ulong Needed = 1;
        public const ulong Hash = 4;
        public const ulong Strings = 5;
        public const ulong Symbols = 6;
        public const ulong Soname = 14;
        public const ulong OldRunPath = 15;
        public const ulong RunPath = 29;
        public const ulong GnuHash = 0x6ffffef5;
        public const ulong SymbolVersions = 0x6ffffff0;
        public const ulong DefinedVersions = 0x6ffffffc;
        public const ulong DefinedVersionCount = 0x6ffffffd;
        public const ulong NeededVersions = 0x6ffffffe;
        public const ulong NeededVersionCount = 0x6fffffff;
    }
}
