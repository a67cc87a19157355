using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Recipes.Tests.Support;

/// <summary>Makes tar archives, good and hostile ones.</summary>
internal sealed class TarBuilder(TarEntryFormat format = TarEntryFormat.Pax)
{
    private readonly List<byte> bytes = [];

    public TarBuilder File(string name, string content = "", UnixFileMode mode = (UnixFileMode)0x1a4) =>
        Add(TarEntryType.RegularFile, name, mode, content: Encoding.UTF8.GetBytes(content));

    public TarBuilder Program(string name, string content = "#!/bin/sh\n") => File(name, content, (UnixFileMode)0x1ed);

    public TarBuilder Folder(string name) => Add(TarEntryType.Directory, name, (UnixFileMode)0x1ed);

    public TarBuilder Link(string name, string target) =>
        Add(TarEntryType.SymbolicLink, name, (UnixFileMode)0x1ff, target);

    public TarBuilder HardLink(string name, string target) =>
        Add(TarEntryType.HardLink, name, (UnixFileMode)0x1a4, target);

    public TarBuilder Bytes(string name, byte[] content) =>
        Add(TarEntryType.RegularFile, name, (UnixFileMode)0x1a4, content: content);

    public TarBuilder Special(TarEntryType type, string name) => Add(type, name, (UnixFileMode)0x1a4);

    /// <summary>A ustar header as no writer makes it: the fields of a regular file, changed.</summary>
    public TarBuilder Raw(char type, string name, byte[] content, params (int Offset, byte[] Bytes)[] fields)
    {
        var header = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(header.AsSpan());
        foreach (
            var (offset, text) in ((int, string)[])
                [
                    (100, "0000644"),
                    (108, "0000000"),
                    (116, "0000000"),
                    (124, Convert.ToString(content.Length, 8).PadLeft(11, '0')),
                    (136, "00000000000"),
                    (257, "ustar\000"),
                ]
        )
            Encoding.ASCII.GetBytes(text).CopyTo(header.AsSpan(offset));
        header[156] = (byte)type;
        foreach (var (offset, field) in fields)
            field.CopyTo(header.AsSpan(offset));
        bytes.AddRange(Patch(header, 0, header[0]));
        bytes.AddRange(content);
        bytes.AddRange(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    /// <summary>A pax header with one record, whatever it says.</summary>
    public TarBuilder Record(string key, string value) => Records((key, value));

    /// <summary>A pax header with some records, in order.</summary>
    public TarBuilder Records(params (string Key, string Value)[] records) =>
        Raw('x', "PaxHeader", [.. records.SelectMany(x => Record($" {x.Key}={x.Value}\n"))]);

    private static byte[] Record(string rest)
    {
        var length = Encoding.UTF8.GetByteCount(rest);
        var total = length + 1;
        while (total.ToString(System.Globalization.CultureInfo.InvariantCulture).Length + length != total)
            total++;
        return Encoding.UTF8.GetBytes(total.ToString(System.Globalization.CultureInfo.InvariantCulture) + rest);
    }

    /// <summary>A number in GNU's base 256.</summary>
    public static byte[] Binary(int width, ulong number)
    {
        var field = new byte[width];
        for (var i = width - 1; i > 0 && number > 0; i--, number >>= 8)
            field[i] = (byte)number;
        field[0] |= 0x80;
        return field;
    }

    public byte[] ToTar() => [.. bytes, .. new byte[1024]];

    public byte[] ToGzip() => Gzip(ToTar());

    public static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, level))
            gzip.Write(content);
        return result.ToArray();
    }

    /// <summary>Changes bytes of the header at an offset and fixes its checksum, as no writer would.</summary>
    public static byte[] Patch(byte[] tar, int offset, params byte[] replacement)
    {
        replacement.CopyTo(tar.AsSpan(offset));
        var header = tar.AsSpan(0, 512);
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in header)
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        return tar;
    }

    private TarBuilder Add(
        TarEntryType type,
        string name,
        UnixFileMode mode,
        string? target = null,
        byte[]? content = null
    )
    {
        if (format == TarEntryFormat.V7 && type == TarEntryType.RegularFile)
            type = TarEntryType.V7RegularFile;
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(type, name),
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new PaxTarEntry(type, name),
        };
        entry.Mode = mode;
        if (target is not null)
            entry.LinkName = target;
        if (content is not null)
            entry.DataStream = new MemoryStream(content);
        using var buffer = new MemoryStream();
        using (var writer = new TarWriter(buffer, leaveOpen: true))
            writer.WriteEntry(entry);
        // Without the two empty blocks at the end.
        bytes.AddRange(buffer.ToArray()[..^1024]);
        return this;
    }
}
