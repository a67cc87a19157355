namespace Recipes.Engine.Content.Tar;

/// <summary>One header block of an archive that is read.</summary>
/// <param name="block">With the checksum of a header.</param>
internal sealed class TarBlock(byte[] block)
{
    public const char OldSparse = 'S';
    public const char Label = 'V';
    public const char Extended = 'x';
    public const char SolarisExtended = 'X';
    public const char GlobalExtended = 'g';
    public const char LongName = 'L';
    public const char LongTarget = 'K';

    private const int PartLength = 24;

    /// <summary>Of what follows, in bytes.</summary>
    private readonly long size = TarFields.Size(block.AsSpan(124, 12));

    /// <summary>What kind of entry it is.</summary>
    public char Type => (char)block[156];

    /// <summary>As it is written.</summary>
    public long Size => size;

    /// <summary>Of a sparse file in GNU's first format, with its holes.</summary>
    public long RealSize => TarFields.Size(block.AsSpan(483, 12));

    /// <summary>True if it says something of the member that follows, or of all.</summary>
    public bool IsExtension => Type is Extended or SolarisExtended or GlobalExtended or LongName or LongTarget;

    /// <summary>
    /// False for links, folders and devices, whatever size is written: of a hard link, GNU tar reads no content either.
    /// </summary>
    public bool HasContent => Type is not (>= '1' and <= '6');

    private bool IsGnu => block.AsSpan(257, 6).SequenceEqual("ustar "u8);

    private bool IsPosix => !IsGnu && block.AsSpan(257, 5).SequenceEqual("ustar"u8);

    /// <summary>The member as the block alone describes it.</summary>
    public TarMember ToMember()
    {
        var name = TarFields.Text(block.AsSpan(0, 100));
        var prefix = IsPosix ? TarFields.Text(block.AsSpan(345, 155)) : "";
        var (kind, fault) = KindOf();
        return new()
        {
            Name = prefix.Length == 0 ? name : $"{prefix}/{name}",
            Kind = kind,
            Fault = fault,
            Mode = (UnixFileMode)(TarFields.Number(block.AsSpan(100, 8)) & 0xfff),
            Uid = TarFields.Number(block.AsSpan(108, 8)),
            Gid = TarFields.Number(block.AsSpan(116, 8)),
            Target = kind is TarKind.Link or TarKind.HardLink ? TarFields.Text(block.AsSpan(157, 100)) : "",
        };
    }

    /// <summary>Adds the first stretches of data of a sparse file in GNU's first format.</summary>
    /// <returns>True if a block with more follows.</returns>
    public bool AddParts(List<(long Offset, long Length)> parts) => AddParts(block.AsSpan(386), 4, parts);

    /// <summary>As above, from a block after the header.</summary>
    public static bool AddMoreParts(byte[] more, List<(long Offset, long Length)> parts) => AddParts(more, 21, parts);

    private static bool AddParts(ReadOnlySpan<byte> bytes, int count, List<(long Offset, long Length)> parts)
    {
        for (var i = 0; i < count; i++)
        {
            var part = bytes.Slice(i * PartLength, PartLength);
            // The rest of the map is empty.
            if (part[12] == 0)
                break;
            parts.Add((TarFields.Size(part[..12]), TarFields.Size(part[12..])));
        }
        return bytes[count * PartLength] != 0;
    }

    private (TarKind Kind, string? Fault) KindOf() =>
        Type switch
        {
            '\0' or '0' or '7' => (TarKind.File, null),
            '1' => (TarKind.HardLink, null),
            '2' => (TarKind.Link, null),
            '3' => (TarKind.CharacterDevice, null),
            '4' => (TarKind.BlockDevice, null),
            // GNU's incremental archives list in it what the folder held.
            '5' or 'D' => (TarKind.Folder, null),
            '6' => (TarKind.Fifo, null),
            OldSparse when IsGnu => (TarKind.File, null),
            OldSparse => (TarKind.Unreadable, "a sparse file in the format of star, which is not read"),
            'M' => (TarKind.Unreadable, "the rest of a file from another volume; join the volumes first"),
            var other => (TarKind.Unreadable, $"an entry of the type {Shown(other)}, which is not read"),
        };

    private static string Shown(char type) => char.IsBetween(type, '!', '~') ? $"'{type}'" : $"{(int)type}";
}
