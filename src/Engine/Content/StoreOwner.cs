using System.Globalization;

namespace Recipes.Engine.Content;

/// <summary>
/// The users of this machine that builds run as where this process is root: a range that nobody else uses, whose first
/// number is user 0 inside of a sandbox. The files of trees belong to that number, so that a build sees them as root's
/// own and yet is nobody on the host.
/// </summary>
/// <remarks>The range lies where <see href="https://systemd.io/UIDS-GIDS/"/> leaves the numbers unused.</remarks>
/// <param name="First">User and group 0 inside.</param>
/// <param name="Count">How many users there are: 65,536, or 1 in a container that has no such numbers.</param>
internal sealed record StoreOwner(uint First, uint Count)
{
    private const uint Preferred = 0x70010000;
    private const uint Range = 0x10000;
    private const uint Nobody = 65534;

    /// <summary>The range to use; null where this process is not root: builds then run as the caller.</summary>
    public static StoreOwner? Find() =>
        Environment.IsPrivilegedProcess
            ? Choose(File.ReadAllLines("/proc/self/uid_map"), File.ReadAllLines("/proc/self/gid_map"))
            : null;

    /// <summary>Chooses among the numbers that this process knows of.</summary>
    /// <param name="users">The lines of <c>/proc/self/uid_map</c>; see user_namespaces(7).</param>
    /// <param name="groups">Those of <c>/proc/self/gid_map</c>.</param>
    internal static StoreOwner? Choose(IEnumerable<string> users, IEnumerable<string> groups)
    {
        var (uids, gids) = (Ranges(users), Ranges(groups));
        if (Holds(uids, Preferred, Range) && Holds(gids, Preferred, Range))
            return new(Preferred, Range);
        var last = uids.Concat(gids)
            .SelectMany(x => new[] { x.First + x.Count - 1, x.First + x.Count - 2 })
            .Where(x => x is not 0 and not Nobody && Holds(uids, x, 1) && Holds(gids, x, 1))
            .Select(x => (long?)x)
            .Max();
        // A namespace of one user: its root is an ordinary user outside, as for a caller who is not root.
        return last is { } id ? new(checked((uint)id), 1) : null;
    }

    private static bool Holds(List<(long First, long Count)> ranges, long first, long count) =>
        ranges.Any(x => x.First <= first && first + count <= x.First + x.Count);

    private static List<(long First, long Count)> Ranges(IEnumerable<string> lines) =>
        [
            .. lines
                .Select(x => x.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(x =>
                    (long.Parse(x[0], CultureInfo.InvariantCulture), long.Parse(x[2], CultureInfo.InvariantCulture))
                ),
        ];
}
