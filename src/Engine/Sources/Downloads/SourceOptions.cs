using Recipes.Engine.Http;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>How patient downloads are, and what is believed.</summary>
public sealed record SourceOptions : TransferOptions
{
    /// <summary>Downloads at once.</summary>
    public int Downloads { get; init; } = 4;

    /// <summary>Reads the package lists of Debian's suites without a check of their signature.</summary>
    public bool AcceptsUnsigned { get; init; }

    /// <summary>The keys that sign Debian's suites.</summary>
    public string DebianKeyring { get; init; } = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>The program that judges signatures: a name on the PATH, or a path.</summary>
    internal string SignatureProgram { get; init; } = "gpgv";

    /// <summary>Keeps whatever Debian ever had: the last resort for pool files that the mirrors have dropped.</summary>
    internal string SnapshotService { get; init; } = "https://snapshot.debian.org/archive/debian";
}
