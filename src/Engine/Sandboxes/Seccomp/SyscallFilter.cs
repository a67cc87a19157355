using System.Collections.Immutable;

namespace Recipes.Engine.Sandboxes.Seccomp;

/// <summary>
/// The system calls that fail in every sandbox: those that reach what no namespace divides (the machine, its clock, its
/// modules, its keys), those with a history of holes that no build needs, and those that type into a terminal.
/// </summary>
/// <remarks>
/// Both the list and the errors are the same under bubblewrap and Docker. It holds what Docker's default profile denies
/// to a container without capabilities, and io_uring and socket families beyond that. See seccomp(2) and
/// <see href="https://docs.docker.com/engine/security/seccomp/"/>.
/// </remarks>
internal static class SyscallFilter
{
    private const uint NewNamespaces =
        0x02000000 | 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;
    private const uint NewTimeNamespace = 0x80;

    // AF_UNIX, AF_INET, AF_NETLINK and AF_INET6; the others are modules of the kernel that nobody here needs.
    private static readonly ImmutableArray<uint> Families = [1, 2, 10, 16];

    /// <summary>The rules.</summary>
    /// <param name="allowsNamespaces">True if new namespaces, and mounts in them, are permitted.</param>
    public static ImmutableArray<SyscallRule> Rules(bool allowsNamespaces) =>
        allowsNamespaces ? [.. Always, .. Sockets] : [.. Always, .. Sockets, .. Namespaces];

    private static ImmutableArray<SyscallRule> Always { get; } =
    [
        // TIOCSTI, TIOCLINUX and TIOCSETD.
        new(
            "ioctl",
            16,
            SyscallRule.NotPermitted,
            [.. new uint[] { 0x5412, 0x541c, 0x5423 }.Select(x => ArgumentTest.Is(1, x))]
        ),
        SyscallRule.Never("syslog", 103),
        SyscallRule.Never("uselib", 134),
        SyscallRule.Never("ustat", 136),
        SyscallRule.Never("sysfs", 139),
        SyscallRule.Never("vhangup", 153),
        SyscallRule.Never("_sysctl", 156),
        SyscallRule.Never("acct", 163),
        SyscallRule.Never("settimeofday", 164),
        SyscallRule.Never("swapon", 167),
        SyscallRule.Never("swapoff", 168),
        SyscallRule.Never("reboot", 169),
        SyscallRule.Never("iopl", 172),
        SyscallRule.Never("ioperm", 173),
        SyscallRule.Never("create_module", 174),
        SyscallRule.Never("init_module", 175),
        SyscallRule.Never("delete_module", 176),
        SyscallRule.Never("get_kernel_syms", 177),
        SyscallRule.Never("query_module", 178),
        SyscallRule.Never("quotactl", 179),
        SyscallRule.Never("nfsservctl", 180),
        SyscallRule.Never("lookup_dcookie", 212),
        SyscallRule.Never("clock_settime", 227),
        SyscallRule.Never("kexec_load", 246),
        SyscallRule.Never("add_key", 248),
        SyscallRule.Never("request_key", 249),
        SyscallRule.Never("keyctl", 250),
        SyscallRule.Never("perf_event_open", 298),
        SyscallRule.Never("fanotify_init", 300),
        SyscallRule.Never("open_by_handle_at", 304),
        SyscallRule.Never("clock_adjtime", 305),
        SyscallRule.Never("kcmp", 312),
        SyscallRule.Never("finit_module", 313),
        SyscallRule.Never("kexec_file_load", 320),
        SyscallRule.Never("bpf", 321),
        SyscallRule.Never("userfaultfd", 323),
        SyscallRule.Never("io_uring_setup", 425),
        SyscallRule.Never("io_uring_enter", 426),
        SyscallRule.Never("io_uring_register", 427),
        SyscallRule.Never("quotactl_fd", 443),
    ];

    private static ImmutableArray<SyscallRule> Sockets { get; } =
    [
        new("socket", 41, SyscallRule.FamilyNotSupported, OtherFamilies),
        new("socketpair", 53, SyscallRule.FamilyNotSupported, OtherFamilies),
    ];

    private static ImmutableArray<SyscallRule> Namespaces { get; } =
    [
        new("clone", 56, SyscallRule.NotPermitted, Flags(NewNamespaces)),
        SyscallRule.Never("pivot_root", 155),
        SyscallRule.Never("mount", 165),
        SyscallRule.Never("umount2", 166),
        new("unshare", 272, SyscallRule.NotPermitted, Flags(NewNamespaces | NewTimeNamespace)),
        SyscallRule.Never("setns", 308),
        SyscallRule.Never("open_tree", 428),
        SyscallRule.Never("move_mount", 429),
        SyscallRule.Never("fsopen", 430),
        SyscallRule.Never("fsconfig", 431),
        SyscallRule.Never("fsmount", 432),
        SyscallRule.Never("fspick", 433),
        // Its flags are in memory, where a filter cannot look.
        new("clone3", 435, SyscallRule.NotImplemented, []),
        SyscallRule.Never("mount_setattr", 442),
        SyscallRule.Never("open_tree_attr", 467),
    ];

    private static ImmutableArray<ArgumentTest> OtherFamilies =>
        [
            .. Enumerable
                .Range(0, (int)Families[^1])
                .Select(x => (uint)x)
                .Where(x => !Families.Contains(x))
                .Select(x => ArgumentTest.Is(0, x)),
            ArgumentTest.Above(0, Families[^1]),
        ];

    private static ImmutableArray<ArgumentTest> Flags(uint flags) =>
        [
            .. Enumerable
                .Range(0, 32)
                .Select(x => 1u << x)
                .Where(x => (flags & x) != 0)
                .Select(x => ArgumentTest.Has(0, x)),
        ];
}
