using System.Collections.Immutable;

namespace Recipes.Engine.Sandboxes;

/// <summary>
/// What is hidden or read-only below <c>/proc</c> in a sandbox, whatever the user inside might write to.
/// </summary>
/// <remarks>
/// The lists of the OCI runtime specification's users, <c>maskedPaths</c> and <c>readonlyPaths</c>, and
/// <c>/proc/interrupts</c>.
/// </remarks>
internal static class ProcFiles
{
    /// <summary>Empty in a sandbox: they tell of the machine or its other users.</summary>
    public static readonly ImmutableArray<string> Masked =
    [
        "/proc/acpi",
        "/proc/asound",
        "/proc/interrupts",
        "/proc/kcore",
        "/proc/key-users",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/scsi",
        "/proc/timer_list",
        "/proc/timer_stats",
    ];

    /// <summary>Read-only: they change the machine.</summary>
    public static readonly ImmutableArray<string> ReadOnly =
    [
        "/proc/bus",
        "/proc/fs",
        "/proc/irq",
        "/proc/sys",
        "/proc/sysrq-trigger",
    ];

    /// <summary>The options of bubblewrap that mount <c>/proc</c>; each kernel has only some of these files.</summary>
    public static IEnumerable<string> Options =>
        [
            "--proc",
            "/proc",
            .. ReadOnly.Where(Path.Exists).SelectMany(x => new[] { "--ro-bind", x, x }),
            .. Masked.Where(File.Exists).SelectMany(x => new[] { "--ro-bind", "/dev/null", x }),
            .. Masked.Where(Directory.Exists).SelectMany(x => new[] { "--tmpfs", x, "--remount-ro", x }),
        ];
}
