using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Recipes.Engine.Tests.Sources;

/// <summary>Makes tar archives, good and hostile ones.</summary>
internal sealed class TarBuilder(TarEntryFormat format = TarEntryFormat.Pax)
{
    private readonly List<byte> bytes = [];

    public TarBuilder File(string name, string content = "", UnixFileMode mode = (UnixFileMode)0x1a4) =>
        Add(TarEntryType.RegularFile, name, mode, content: Encoding.UTF8.GetBytes(content));

    public TarBuilder Program(string name, string content = "#!/bin/sh\n") => File(name, content, (UnixFileMode)0x1ed);

    public TarBuilder Folder(string name) => Add(TarEntryType.Directory, name, (UnixFileMode)0x1ed);

    public TarBuilder Link(string name, string target) => Add(TarEntryType.SymbolicLink, name, (UnixFileMode)0x1ff, target);

    public TarBuilder HardLink(string name, string target) => Add(TarEntryType.HardLink, name, (UnixFileMode)0x1a4, target);

    public TarBuilder Bytes(string name, byte[] content) =>
        Add(TarEntryType.RegularFile, name, (UnixFileMode)0x1a4, content: content);

    public TarBuilder Special(TarEntryType type, string name) => Add(type, name, (UnixFileMode)0x1a4);

    public byte[] ToTar() => [.. bytes, .. new byte[1024]];

    public byte[] ToGzip() => Gzip(ToTar());

    public static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }

    /// <summary>Changes bytes of the header at an offset and mends its checksum, as no writer would.</summary>
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

    private TarBuilder Add(TarEntryType type, string name, UnixFileMode mode, string? target = null, byte[]? content = null)
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
