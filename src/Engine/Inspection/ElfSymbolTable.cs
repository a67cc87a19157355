using System.Collections.Immutable;
using static Recipes.Engine.Inspection.ElfDynamic;

namespace Recipes.Engine.Inspection;

/// <summary>Reads the dynamic symbols of an ELF file and their versions.</summary>
internal readonly ref struct ElfSymbolTable(ElfBytes bytes, ElfDynamic dynamic, ulong strings)
{
    private const int Local = 0;
    private const int Weak = 2;

    // STB_GNU_UNIQUE: as weak, but one for the whole process.
    private const int Unique = 10;
    private const int Data = 1;
    private const int ThreadLocal = 6;
    private const ushort HiddenVersion = 0x8000;
    private const ulong VersionLength = 16;

    private readonly ElfBytes bytes = bytes;
    private readonly ElfDynamic dynamic = dynamic;

    public (ImmutableArray<ElfSymbol> Exported, ImmutableArray<ElfSymbol> Undefined) Read()
    {
        var exported = ImmutableArray.CreateBuilder<ElfSymbol>();
        var undefined = ImmutableArray.CreateBuilder<ElfSymbol>();
        if (dynamic.Find(Tag.Symbols) is not { } address)
            return ([], []);
        var table = dynamic.OffsetOf(address);
        var size = bytes.Is64Bit ? 24u : 16u;
        var versions = ReadVersions();
        ulong? versionTable = dynamic.Find(Tag.SymbolVersions) is { } x ? dynamic.OffsetOf(x) : null;
        var count = CountSymbols();
        // Each symbol is of its own, so there can be no more than fit into the file.
        if (count > bytes.Length / size)
            throw new FormatException("The ELF file is damaged: it has more symbols than bytes.");
        for (var i = 1ul; i < count; i++)
        {
            var at = Sum(table, i * size);
            var info = bytes.Byte(Sum(at, bytes.Is64Bit ? 4u : 12u));
            var section = bytes.Half(Sum(at, bytes.Is64Bit ? 6u : 14u));
            if (info >> 4 == Local)
                continue;
            string? version = null;
            if (versionTable is { } start)
                versions.TryGetValue((ushort)(bytes.Half(Sum(start, 2 * i)) & ~HiddenVersion), out version);
            var name = bytes.Text(Sum(strings, bytes.Number(at)));
            (section == 0 ? undefined : exported).Add(
                new(name, version, info >> 4 is Weak or Unique, (info & 15) is Data or ThreadLocal)
            );
        }
        return (exported.ToImmutable(), undefined.ToImmutable());
    }

    private ulong CountSymbols()
    {
        if (dynamic.Find(Tag.Hash) is { } hash)
            return bytes.Number(Sum(dynamic.OffsetOf(hash), 4));
        return dynamic.Find(Tag.GnuHash) is { } gnu ? CountByGnuHash(dynamic.OffsetOf(gnu)) : 0;
    }

    // The table does not hold the number of symbols: it ends with the chain of the highest bucket.
    private ulong CountByGnuHash(ulong at)
    {
        var (buckets, first, filters) = (bytes.Number(at), bytes.Number(at + 4), bytes.Number(at + 8));
        var bucketStart = Sum(at + 16, (ulong)filters * (uint)bytes.WordSize);
        _ = bytes.Slice(bucketStart, 4ul * buckets);
        var last = 0u;
        for (var i = 0ul; i < buckets; i++)
            last = Math.Max(last, bytes.Number(bucketStart + (4 * i)));
        if (last < first)
            return first;
        var chains = bucketStart + (4ul * buckets);
        while ((bytes.Number(Sum(chains, 4ul * (last - first))) & 1) == 0)
            last++;
        return last + 1ul;
    }

    private Dictionary<ushort, string> ReadVersions()
    {
        var names = new Dictionary<ushort, string>();
        if (dynamic.Find(Tag.DefinedVersions) is { } defined)
            ReadDefined(dynamic.OffsetOf(defined), dynamic.Find(Tag.DefinedVersionCount) ?? 0, names);
        if (dynamic.Find(Tag.NeededVersions) is { } needed)
            ReadNeeded(dynamic.OffsetOf(needed), dynamic.Find(Tag.NeededVersionCount) ?? 0, names);
        return names;
    }

    // Verdef: version, flags, index, count, hash, offset of the names, offset of the next. The base version (flag 1) is
    // the library's own name.
    private void ReadDefined(ulong at, ulong count, Dictionary<ushort, string> names)
    {
        for (var i = 0ul; i < Math.Min(count, HiddenVersion); i++)
        {
            if ((bytes.Half(Sum(at, 2)) & 1) == 0)
                names[bytes.Half(Sum(at, 4))] = bytes.Text(
                    Sum(strings, bytes.Number(Sum(at, bytes.Number(Sum(at, 12)))))
                );
            if (bytes.Number(Sum(at, 16)) is not (> 0 and var next))
                break;
            at = Sum(at, next);
        }
    }

    // Verneed: version, count, file, offset of its versions, offset of the next. Vernaux: hash, flags, index, name,
    // next.
    private void ReadNeeded(ulong at, ulong count, Dictionary<ushort, string> names)
    {
        var read = 0ul;
        for (var i = 0ul; i < Math.Min(count, HiddenVersion); i++)
        {
            var version = Sum(at, bytes.Number(Sum(at, 8)));
            for (var j = bytes.Half(Sum(at, 2)); j > 0; j--)
            {
                // Each version is of its own, so there can be no more than fit into the file.
                if (++read > bytes.Length / VersionLength)
                    throw new FormatException("The ELF file is damaged: it has more versions than bytes.");
                names[bytes.Half(Sum(version, 6))] = bytes.Text(Sum(strings, bytes.Number(Sum(version, 8))));
                if (bytes.Number(Sum(version, 12)) is not (> 0 and var following))
                    break;
                version = Sum(version, following);
            }
            if (bytes.Number(Sum(at, 12)) is not (> 0 and var next))
                break;
            at = Sum(at, next);
        }
    }
}
