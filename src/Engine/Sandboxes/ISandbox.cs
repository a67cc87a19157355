using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes;

/// <summary>Runs actions with no network, in a root made of exactly the trees named.</summary>
/// <remarks>
/// Trees in, trees out: nothing in a request or a result says where it ran, so that a container daemon or a remote
/// executor can serve as well as a process on this machine.
/// </remarks>
internal interface ISandbox
{
    /// <summary>Such as <c>bubblewrap</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Runs one action to its end. All trees of the request are in the store. When the task ends, however it ends, no
    /// process of the action is left. A failed action is a result, not an exception.
    /// </summary>
    /// <exception cref="EngineException">
    /// The sandbox itself could not start: the message says how to fix the host.
    /// </exception>
    Task<SandboxResult> RunAsync(SandboxRequest request, Stream log, CancellationToken cancellationToken);
}

/// <summary>A tree laid into the root at a path.</summary>
/// <param name="Path">Absolute: <c>/build</c>.</param>
/// <param name="Tree">In the store.</param>
/// <param name="IsWritable">If so, writes go to a scratch copy that ends with the sandbox.</param>
internal sealed record SandboxMount(string Path, Digest Tree, bool IsWritable);

/// <summary>What to run, as data.</summary>
internal sealed record SandboxRequest
{
    /// <summary>For people: names the scratch folder and the process; no part of the action.</summary>
    public required string Label { get; init; }

    /// <summary>The trees that merged make the read-only root; where several have a path, the first counts.</summary>
    public required ImmutableArray<Digest> Root { get; init; }

    /// <summary>Those trees of the root, its last ones, which have paths that others have too.</summary>
    public ImmutableHashSet<Digest> Yielding { get; init; } = [];

    /// <summary>Further trees, parents first (<c>/build</c> before <c>/build/gmp</c>).</summary>
    public ImmutableArray<SandboxMount> Mounts { get; init; } = [];

    /// <summary>The program and its arguments.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The whole environment; nothing of the host's is passed on.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    /// <summary>Absolute.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>
    /// The number of the user and group it runs as; all files are that user's. 0 may install files as root would.
    /// </summary>
    public int User { get; init; }

    /// <summary>
    /// Absolute paths of directories that are empty and writable at the start and are taken as trees at the end.
    /// </summary>
    public ImmutableArray<string> OutputDirectories { get; init; } = [];

    /// <summary>Main memory in bytes, or null.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Wall time, or null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Processes at once, or null.</summary>
    public int? Processes { get; init; }

    /// <summary>True if it may make namespaces of its own, and mount in them.</summary>
    public bool AllowsNamespaces { get; init; }

    /// <summary>
    /// Set by the machine that runs the action, added to the environment (<c>JOBS</c>); no part of the action.
    /// </summary>
    public int Jobs { get; init; } = 1;

    /// <summary>
    /// The job server's fifo on this machine, shown inside as <c>/run/jobserver</c>, with a mode that lets everybody
    /// use it; null for none.
    /// </summary>
    public string? JobServer { get; init; }

    /// <summary>If set, and the action fails, the scratch folder is kept here for a look.</summary>
    public string? KeepOnFailure { get; init; }

    /// <summary>
    /// If set, a folder that an earlier failure was kept in, below the store's root: what the action may write to is
    /// what lies there, and is changed in place. The trees of writable mounts are not looked at.
    /// </summary>
    public string? KeptFolder { get; init; }
}

/// <summary>How an action ended before its process did, or <see cref="Exited"/>.</summary>
internal enum SandboxEnd
{
    /// <summary>The process ended by itself; see the exit status.</summary>
    Exited,

    /// <summary>The wall time was used up.</summary>
    TimedOut,

    /// <summary>It took more memory than allowed.</summary>
    OutOfMemory,
}

/// <summary>What an action left.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitStatus">Of the process; 128 + n for signal n.</param>
/// <param name="Outputs">Output directory → tree, in the store; empty unless the exit status is 0.</param>
/// <param name="Elapsed">Wall time, without assembling the root or taking the outputs.</param>
/// <param name="CpuTime">User and system time of all its processes, or null where it cannot be known.</param>
/// <param name="Kept">
/// The scratch folder that was kept after a failure (<c>build/</c>, <c>stage/</c>, <c>tmp/</c>), or null.
/// </param>
internal sealed record SandboxResult(
    SandboxEnd End,
    int ExitStatus,
    ImmutableSortedDictionary<string, Digest> Outputs,
    TimeSpan Elapsed,
    TimeSpan? CpuTime,
    string? Kept
)
{
    /// <summary>Why the scratch folder could not be kept after a failure, or null.</summary>
    public MessageText? KeepFault { get; init; }

    /// <summary>What stands for an action whose sandbox broke down.</summary>
    internal static SandboxResult Broken { get; } =
        new(SandboxEnd.Exited, -1, ImmutableSortedDictionary<string, Digest>.Empty, TimeSpan.Zero, null, null);

    /// <summary>True if the process ended by itself with status 0.</summary>
    public bool Succeeded => End == SandboxEnd.Exited && ExitStatus == 0;
}
