using System.Globalization;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>
/// The words before bubblewrap's that take from it what it would get of the caller: limits, processors, personality and
/// ignored signals, so that a build sees the same whoever starts it.
/// </summary>
/// <param name="ResetsSignals">True if this host's <c>env</c> knows <c>--default-signal</c>.</param>
internal sealed record Launcher(bool ResetsSignals)
{
    // Soft and hard limits of prlimit(1), as a new login has them.
    private static readonly (string Name, string Key, ulong Soft, ulong Hard)[] Limits =
    [
        ("as", "Max address space", ulong.MaxValue, ulong.MaxValue),
        ("core", "Max core file size", 0, 0),
        ("cpu", "Max cpu time", ulong.MaxValue, ulong.MaxValue),
        ("data", "Max data size", ulong.MaxValue, ulong.MaxValue),
        ("fsize", "Max file size", ulong.MaxValue, ulong.MaxValue),
        ("locks", "Max file locks", ulong.MaxValue, ulong.MaxValue),
        ("memlock", "Max locked memory", 8 << 20, 8 << 20),
        ("msgqueue", "Max msgqueue size", 819_200, 819_200),
        ("nice", "Max nice priority", 0, 0),
        ("nofile", "Max open files", 1024, 4096),
        ("nproc", "Max processes", 16_384, 16_384),
        ("rss", "Max resident set", ulong.MaxValue, ulong.MaxValue),
        ("rtprio", "Max realtime priority", 0, 0),
        ("rttime", "Max realtime timeout", ulong.MaxValue, ulong.MaxValue),
        ("sigpending", "Max pending signals", 16_384, 16_384),
        ("stack", "Max stack size", 8 << 20, ulong.MaxValue),
    ];

    /// <summary>Bytes of data for each process by itself, or null.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Processes at once, or null for the usual limit.</summary>
    public int? Processes { get; init; }

    /// <summary>The user and group, of those in the namespaces, to run bubblewrap as; null for root.</summary>
    public (int Uid, int Gid)? User { get; init; }

    /// <summary>The words, separated by spaces.</summary>
    public string Words
    {
        get
        {
            var inherited = Inherited();
            var limits = Limits
                .Select(x =>
                    x.Name == "data" && MemoryBytes is { } memory
                        ? x with
                        {
                            Soft = (ulong)memory,
                            Hard = (ulong)memory,
                        }
                        : x
                )
                .Select(x =>
                    x.Name == "nproc" && Processes is { } count
                        ? x with
                        {
                            Soft = (ulong)count,
                            Hard = (ulong)count,
                        }
                        : x
                )
                .Select(x =>
                    (x.Name, x.Soft, Hard: Math.Min(x.Hard, inherited.GetValueOrDefault(x.Key, ulong.MaxValue)))
                )
                .Select(x => $"--{x.Name}={Text(Math.Min(x.Soft, x.Hard))}:{Text(x.Hard)}");
            var user = User is var (uid, gid)
                ? string.Create(CultureInfo.InvariantCulture, $" setpriv --reuid {uid} --regid {gid} --clear-groups")
                : "";
            var signals = ResetsSignals ? " env --default-signal" : "";
            return $"setarch linux64 taskset -c 0-8191 prlimit {string.Join(' ', limits)}{user}{signals}";
        }
    }

    // What cannot be raised: no more than the caller's hard limit.
    private static Dictionary<string, ulong> Inherited() =>
        File.ReadLines("/proc/self/limits")
            .Skip(1)
            .Select(x =>
                (
                    Name: x[..Math.Min(26, x.Length)].Trim(),
                    Values: x[Math.Min(26, x.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
            )
            .Where(x => x.Values.Length >= 2)
            .ToDictionary(
                x => x.Name,
                x =>
                    x.Values[1] == "unlimited"
                        ? ulong.MaxValue
                        : ulong.Parse(x.Values[1], CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );

    private static string Text(ulong value) =>
        value == ulong.MaxValue ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
}
