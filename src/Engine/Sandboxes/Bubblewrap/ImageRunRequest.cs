using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Ports;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>An image's root to be run on this machine, without a container engine.</summary>
internal sealed record ImageRunRequest
{
    /// <summary>The image's name; also the host name inside.</summary>
    public required string Label { get; init; }

    /// <summary>The trees that merged make the root.</summary>
    public required ImmutableArray<Digest> Root { get; init; }

    /// <summary>
    /// The program and its arguments; a name without a slash is looked for in the <c>PATH</c> of the environment.
    /// </summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The whole environment; nothing of the host's is passed on.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>Absolute.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The user to start as.</summary>
    public int Uid { get; init; }

    /// <summary>The group to start as.</summary>
    public int Gid { get; init; }

    /// <summary>Owners and modes that differ from 0:0 and what trees have, parents first.</summary>
    public ImmutableArray<FileOwner> Owners { get; init; } = [];

    /// <summary>Folders of the host that the image writes to; all else that it writes is thrown away.</summary>
    public ImmutableArray<ImageBind> Binds { get; init; } = [];

    /// <summary>If set, the host's network is shared; else there is one of its own.</summary>
    public bool SharesNetwork { get; init; }

    /// <summary>
    /// Ports of the host that lead to its own network, which then leads out too; without any, it is a mere loopback.
    /// </summary>
    public ImmutableArray<PortMapping> Forwards { get; init; } = [];
}

/// <summary>The owner and mode of one file or folder of an image.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Mode">
/// Permission bits with setuid, setgid and sticky; null leaves them. Of no meaning for a link.
/// </param>
/// <param name="Uid">Numeric owner.</param>
/// <param name="Gid">Numeric group.</param>
internal sealed record FileOwner(string Path, int? Mode, int Uid, int Gid);

/// <summary>A folder of the host in an image.</summary>
/// <param name="Source">
/// Absolute path on the host; made if missing, and while it is empty given the owner of the path.
/// </param>
/// <param name="Path">Absolute path inside.</param>
internal sealed record ImageBind(string Source, string Path);
