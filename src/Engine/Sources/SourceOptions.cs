namespace Recipes.Engine.Sources;

/// <summary>How patient downloads are.</summary>
public sealed record SourceOptions
{
    /// <summary>How long a server may take to accept a connection before the next place is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a transfer may stand still before it is tried again.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries at one place after faults that may pass.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The pause before the second try; each further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Downloads at once.</summary>
    public int Downloads { get; init; } = 4;

    /// <summary>The keys that sign Debian's suites; where the file is missing, signatures are not judged.</summary>
    internal string DebianKeyring { get; init; } = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>Keeps whatever Debian ever had: the last resort for pool files that the mirrors have dropped.</summary>
    internal string SnapshotService { get; init; } = "https://snapshot.debian.org/archive/debian";
}
