namespace Recipes.Engine.Content.Tar;

/// <summary>What a member of a tar archive is.</summary>
internal enum TarKind
{
    /// <summary>A regular file, sparse or not.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A further name of a member before it.</summary>
    HardLink,

    /// <summary>A device of bytes.</summary>
    CharacterDevice,

    /// <summary>A device of blocks.</summary>
    BlockDevice,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>Something whose content cannot be told.</summary>
    Unreadable,
}

/// <summary>A member of a tar archive.</summary>
internal sealed record TarMember
{
    /// <summary>As it is written, with U+FFFD where it is not UTF-8.</summary>
    public required string Name { get; init; }

    public required TarKind Kind { get; init; }

    /// <summary>Permission bits with setuid, setgid and sticky.</summary>
    public required UnixFileMode Mode { get; init; }

    /// <summary>Numeric owner.</summary>
    public required long Uid { get; init; }

    /// <summary>Numeric group.</summary>
    public required long Gid { get; init; }

    /// <summary>What a program may do without being root.</summary>
    public FileCapabilities Capabilities { get; init; }

    /// <summary>Of a link: where it leads, as it is written; else empty.</summary>
    public string Target { get; init; } = "";

    /// <summary>The file's length in bytes, holes included; 0 for all but files.</summary>
    public long Length { get; init; }

    /// <summary>How many bytes of the file are holes, which the archive does not hold.</summary>
    public long Holes { get; init; }

    /// <summary>Where its content starts in the archive, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>The file's content with zeros for its holes, to be read before the next member.</summary>
    public Stream Content { get; init; } = Stream.Null;

    /// <summary>One clause on why it cannot be read; null but for <see cref="TarKind.Unreadable"/>.</summary>
    public string? Fault { get; init; }

    /// <summary>True if its owner may run it.</summary>
    public bool IsExecutable => (Mode & UnixFileMode.UserExecute) != 0;
}
