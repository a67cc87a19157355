using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>Owner and permission bits of something in an image.</summary>
/// <param name="Mode">Permission bits with setuid, setgid and sticky.</param>
/// <param name="Uid">Numeric owner.</param>
/// <param name="Gid">Numeric group.</param>
internal readonly record struct FileOwnership(int Mode, int Uid, int Gid)
{
    public static FileOwnership Folder { get; } = new(Octal("755"), 0, 0);

    public static FileOwnership Link { get; } = new(Octal("777"), 0, 0);

    public static FileOwnership File(bool isExecutable) => new(Octal(isExecutable ? "755" : "644"), 0, 0);

    private static int Octal(string digits) => Convert.ToInt32(digits, 8);
}

/// <summary>One entry of a layer.</summary>
/// <param name="Path">Relative to the image's root, without a slash at the end.</param>
/// <param name="Kind">Folder, file or link.</param>
/// <param name="Ownership">Mode and owner.</param>
/// <param name="Content">Files only: the digest of the content.</param>
/// <param name="Source">Files only: where the content lies in the store.</param>
/// <param name="Target">Links only.</param>
internal sealed record LayerEntry(
    string Path,
    TreeEntryKind Kind,
    FileOwnership Ownership,
    Digest Content,
    string? Source,
    string? Target
);
