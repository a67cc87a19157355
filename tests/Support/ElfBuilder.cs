using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Recipes.Tests.Support;

/// <summary>Writes small ELF files of either size and byte order, with what the dynamic loader reads.</summary>
public sealed record ElfBuilder(bool Is64Bit = true, bool IsLittleEndian = true)
{
    private const ulong Base = 0x10000;

    public int Type { get; init; } = 3;
    public string? Interpreter { get; init; }
    public string? Soname { get; init; }
    public string[] Needed { get; init; } = [];
    public string? RunPath { get; init; }

    /// <summary>The <c>DT_RPATH</c> of older linkers.</summary>
    public string? OldRunPath { get; init; }
    public (string Name, bool IsDefined, bool IsWeak, string? Version)[] Symbols { get; init; } = [];
    public bool HasAbiTag { get; init; }
    public bool IsStatic { get; init; }
    public string Tail { get; init; } = "";

    /// <summary>Whether equal names are written once.</summary>
    public bool SharesNames { get; init; }

    private int WordSize => Is64Bit ? 8 : 4;

    public byte[] Build()
    {
        var header = Is64Bit ? 64 : 52;
        var entry = Is64Bit ? 56 : 32;
        var body = new MemoryStream();
        var start = header + (4 * entry);
        var strings = new MemoryStream();
        strings.WriteByte(0);
        var written = new Dictionary<string, uint>();
        uint Text(string text)
        {
            if (SharesNames && written.TryGetValue(text, out var earlier))
                return earlier;
            var at = (uint)strings.Length;
            written[text] = at;
            strings.Write(Encoding.UTF8.GetBytes(text + "\0"));
            return at;
        }
        (ulong Offset, ulong Size) Put(byte[] bytes)
        {
            while ((body.Length + start) % 8 != 0)
                body.WriteByte(0);
            var at = (ulong)(start + body.Length);
            body.Write(bytes);
            return (at, (ulong)bytes.Length);
        }

        var interpreter = Put(Interpreter is null ? [] : Encoding.UTF8.GetBytes(Interpreter + "\0"));
        var note = Put(
            HasAbiTag
                ? Bytes(x =>
                {
                    x.U32(4);
                    x.U32(16);
                    x.U32(1);
                    x.Raw("GNU\0"u8);
                    x.U32(0);
                    x.U32(3);
                    x.U32(2);
                    x.U32(0);
                })
                : []
        );
        var versions = Symbols.Select(x => x.Version).OfType<string>().Distinct().ToList();
        var symbols = Put(
            Bytes(x =>
            {
                x.Raw(new byte[Is64Bit ? 24 : 16]);
                foreach (var symbol in Symbols)
                {
                    var info = (byte)((symbol.IsWeak ? 2 : 1) << 4 | 2);
                    x.U32(Text(symbol.Name));
                    if (!Is64Bit)
                    {
                        x.U32(0);
                        x.U32(0);
                    }
                    x.Raw([info, 0]);
                    x.U16((ushort)(symbol.IsDefined ? 1 : 0));
                    if (Is64Bit)
                        x.Raw(new byte[16]);
                }
            })
        );
        var hash = Put(
            Bytes(x =>
            {
                x.U32(1);
                x.U32((uint)Symbols.Length + 1);
                x.Raw(new byte[8]);
            })
        );
        var versionTable = Put(
            Bytes(x =>
            {
                x.U16(0);
                foreach (var symbol in Symbols)
                    x.U16((ushort)(symbol.Version is null ? 1 : versions.IndexOf(symbol.Version) + 2));
            })
        );
        var needs = Put(
            Bytes(x =>
            {
                x.U16(1);
                x.U16((ushort)versions.Count);
                x.U32(0);
                x.U32(16);
                x.U32(0);
                foreach (var (i, version) in versions.Index())
                {
                    x.U32(0);
                    x.U16(0);
                    x.U16((ushort)(i + 2));
                    x.U32(Text(version));
                    x.U32(i + 1 < versions.Count ? 16u : 0);
                }
            })
        );
        var tags = new List<(ulong, ulong)>();
        foreach (var needed in Needed)
            tags.Add((1, Text(needed)));
        if (Soname is not null)
            tags.Add((14, Text(Soname)));
        if (OldRunPath is not null)
            tags.Add((15, Text(OldRunPath)));
        if (RunPath is not null)
            tags.Add((29, Text(RunPath)));
        var stringTable = Put(strings.ToArray());
        tags.AddRange([(5, Base + stringTable.Offset), (6, Base + symbols.Offset), (4, Base + hash.Offset)]);
        if (versions.Count > 0)
            tags.AddRange([
                (0x6ffffff0, Base + versionTable.Offset),
                (0x6ffffffe, Base + needs.Offset),
                (0x6fffffff, 1),
            ]);
        tags.Add((0, 0));
        var dynamic = Put(
            Bytes(x =>
            {
                foreach (var (tag, value) in tags)
                {
                    x.Word(tag);
                    x.Word(value);
                }
            })
        );
        body.Write(Encoding.UTF8.GetBytes(Tail));

        var file = new Writer(this);
        file.Raw("\u007fELF"u8);
        file.Raw([(byte)(Is64Bit ? 2 : 1), (byte)(IsLittleEndian ? 1 : 2), 1, .. new byte[9]]);
        file.U16((ushort)Type);
        file.U16(62);
        file.U32(1);
        file.Word(0);
        file.Word((ulong)header);
        file.Word(0);
        file.U32(0);
        file.U16((ushort)header);
        file.U16((ushort)entry);
        file.U16(4);
        file.Raw(new byte[6]);
        Segment(file, 1, (0, (ulong)(start + body.Length)));
        Segment(file, Interpreter is null ? 0u : 3u, interpreter);
        Segment(file, HasAbiTag ? 4u : 0u, note);
        Segment(file, IsStatic ? 0u : 2u, dynamic);
        file.Raw(body.ToArray());
        return file.ToArray();
    }

    private void Segment(Writer file, uint type, (ulong Offset, ulong Size) part)
    {
        file.U32(type);
        if (Is64Bit)
            file.U32(0);
        file.Word(part.Offset);
        file.Word(Base + part.Offset);
        file.Word(Base + part.Offset);
        file.Word(part.Size);
        file.Word(part.Size);
        if (!Is64Bit)
            file.U32(0);
        file.Word(8);
    }

    private byte[] Bytes(Action<Writer> write)
    {
        var writer = new Writer(this);
        write(writer);
        return writer.ToArray();
    }

    private sealed class Writer(ElfBuilder elf)
    {
        private readonly ArrayBufferWriter<byte> stream = new();

        public void Raw(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

        public void U16(ushort value)
        {
            var bytes = new byte[2];
            if (elf.IsLittleEndian)
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            else
                BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
            Raw(bytes);
        }

        public void U32(uint value)
        {
            var bytes = new byte[4];
            if (elf.IsLittleEndian)
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            else
                BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            Raw(bytes);
        }

        public void Word(ulong value)
        {
            if (elf.WordSize == 4)
            {
                U32((uint)value);
                return;
            }
            var bytes = new byte[8];
            if (elf.IsLittleEndian)
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            else
                BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            Raw(bytes);
        }

        public byte[] ToArray() => stream.WrittenSpan.ToArray();
    }
}
