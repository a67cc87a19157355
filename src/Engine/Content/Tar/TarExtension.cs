namespace Recipes.Engine.Content.Tar;

/// <summary>What entries before a member say of it: pax records, and GNU's long names.</summary>
internal sealed class TarExtension
{
    private const string Path = "path";
    private const string LinkPath = "linkpath";
    private const string PaxSize = "size";
    private const string RealName = PaxRecords.Sparse + "name";
    private const string FileSize = PaxRecords.Sparse + "size";
    private const string FileRealSize = PaxRecords.Sparse + "realsize";
    private const string PartsInRecord = PaxRecords.Sparse + "map";
    private const string Major = PaxRecords.Sparse + "major";
    private const string Minor = PaxRecords.Sparse + "minor";

    private PaxRecords records = PaxRecords.Empty;
    private string? longName;
    private string? longTarget;

    /// <summary>True if nothing was said so far.</summary>
    public bool IsEmpty => records == PaxRecords.Empty && longName is null && longTarget is null;

    /// <summary>How many bytes the archive holds; null where the header says.</summary>
    public long? Size => NotNegative(records.Number(PaxSize));

    /// <summary>The length of a sparse file with its holes.</summary>
    public long? RealSize => NotNegative(records.Number(FileRealSize) ?? records.Number(FileSize));

    /// <summary>True if the member is a sparse file of GNU's formats for pax.</summary>
    public bool IsSparse =>
        records.Map.Count > 0 || records.Keys.Any(x => x.StartsWith(PaxRecords.Sparse, StringComparison.Ordinal));

    /// <summary>The stretches of data of a sparse file; null where they stand before its data.</summary>
    /// <exception cref="InvalidDataException">They are malformed.</exception>
    public IEnumerable<(long Offset, long Length)>? Parts =>
        records.Find(Major) == "1" ? null
        : records.Find(PartsInRecord) is { } map ? SparseMap.Pairs(map.Split(','))
        : SparseMap.Pairs(records.Map);

    /// <summary>True if a sparse file has a format that is known: 0.0, 0.1 or 1.0.</summary>
    private bool IsKnown =>
        (records.Find(Major), records.Find(Minor)) is (null, null) or ("0", "0" or "1") or ("1", "0");

    /// <exception cref="InvalidDataException">A sparse file does not say how long it is.</exception>
    public long RequireRealSize() =>
        RealSize ?? throw new InvalidDataException("a sparse file does not say how long it is");

    /// <summary>Takes an entry that says something.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or says of all members what is not read.</exception>
    public void Add(char type, byte[] body)
    {
        if (type == TarBlock.LongName)
            longName = TarFields.Text(body);
        else if (type == TarBlock.LongTarget)
            longTarget = TarFields.Text(body);
        else if (type != TarBlock.GlobalExtended)
            records = PaxRecords.Parse(body);
        else if (PaxRecords.Parse(body).Keys.FirstOrDefault(Decides) is { } key)
            throw new InvalidDataException($"a global header sets '{key}' of all entries, which is not read");
    }

    /// <summary>The member with what was said of it.</summary>
    public TarMember Extend(TarMember member)
    {
        var name = records.Find(RealName) ?? records.Find(Path) ?? longName ?? member.Name;
        var target = records.Find(LinkPath) ?? longTarget ?? member.Target;
        var extended = member with
        {
            Name = name,
            Target = member.Kind is TarKind.Link or TarKind.HardLink ? target : "",
            Uid = records.Number("uid") ?? member.Uid,
            Gid = records.Number("gid") ?? member.Gid,
            Capabilities = records.Capabilities,
            // Archives without a type for folders know them by the slash.
            Kind = member.Kind == TarKind.File && name.EndsWith('/') ? TarKind.Folder : member.Kind,
        };
        var fault =
            extended.Target.Contains('\0', StringComparison.Ordinal) ? "a link whose target holds a zero byte"
            : extended.Name.Contains('\0', StringComparison.Ordinal) ? "an entry whose name holds a zero byte"
            : extended.Kind == TarKind.File && IsSparse && !IsKnown
                ? $"a sparse file of version {Excerpt.Of($"{records.Find(Major)}.{records.Find(Minor)}")}, which is "
                    + $"not read"
            : null;
        return fault is null ? extended : extended with { Kind = TarKind.Unreadable, Fault = fault };
    }

    private static bool Decides(string key) =>
        key is Path or LinkPath or PaxSize || key.StartsWith(PaxRecords.Sparse, StringComparison.Ordinal);

    private static long? NotNegative(long? size) => size is < 0 ? throw new OverflowException() : size;
}
