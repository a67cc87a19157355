namespace Recipes.Engine.Content.Tar;

/// <summary>Owner, permission bits and capabilities of something in an archive.</summary>
/// <param name="Mode">Permission bits with setuid, setgid and sticky.</param>
/// <param name="Uid">Numeric owner.</param>
/// <param name="Gid">Numeric group.</param>
/// <param name="Capabilities">Files only.</param>
internal readonly record struct FileOwnership(int Mode, int Uid, int Gid, FileCapabilities Capabilities = default)
{
    public static FileOwnership Folder { get; } = new(Octal("755"), 0, 0);

    public static FileOwnership Link { get; } = new(Octal("777"), 0, 0);

    public static FileOwnership File(bool isExecutable) => new(Octal(isExecutable ? "755" : "644"), 0, 0);

    private static int Octal(string digits) => Convert.ToInt32(digits, 8);
}
