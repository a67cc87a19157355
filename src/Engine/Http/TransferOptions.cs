using System.Security.Cryptography.X509Certificates;

namespace Recipes.Engine.Http;

/// <summary>
/// How patient everything is that speaks HTTP: a server may be slow, and may fail now and then, yet not for ever.
/// </summary>
public abstract record TransferOptions
{
    /// <summary>How long a connection may take, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long an answer may take to begin, and how long a small one may take to end; also the window of a download in
    /// which <see cref="MinimumRate"/> has to be reached.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Bytes a second, below which a download is given up at the end of a window.</summary>
    public int MinimumRate { get; init; } = 1 << 10;

    /// <summary>What one attempt may take, whatever the size; what the size allows comes on top.</summary>
    public TimeSpan AttemptTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes a second, by which the size of a file allows an attempt more time.</summary>
    public int AttemptRate { get; init; } = 1 << 13;

    /// <summary>
    /// Tries of one request after faults that may pass; after a second one that took too long there is no further.
    /// </summary>
    public int Attempts { get; init; } = 4;

    /// <summary>
    /// The pause before the second try; each further one is twice as long, unless the server asks for more.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause that a server may ask for.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest that all pauses of one request may come to.</summary>
    public TimeSpan MaxPauses { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Redirects of one request, at most.</summary>
    public int Redirects { get; init; } = 10;

    /// <summary>
    /// The one authority whose certificates are trusted, in place of the machine's; for tests, which have one of their
    /// own.
    /// </summary>
    internal X509Certificate2? OnlyAuthority { get; init; }
}
