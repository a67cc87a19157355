using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Recipes.Engine.Content.Tar;

/// <summary>
/// What a program may do without being root: the capabilities of its file, permitted and effective (capabilities(7),
/// "File capabilities").
/// </summary>
/// <param name="Mask">Bit n for capability n of <c>linux/capability.h</c>; 0 for none.</param>
internal readonly record struct FileCapabilities(ulong Mask)
{
    /// <summary>The extended attribute that holds them.</summary>
    public const string Attribute = "security.capability";

    // VFS_CAP_REVISION_2 with VFS_CAP_FLAGS_EFFECTIVE, in linux/capability.h.
    private const uint Revision = 0x02000000;
    private const uint Effective = 1;
    private const int AttributeSize = 20;
    private const int PermittedLow = 4;
    private const int PermittedHigh = 12;

    /// <summary>All names, in the order of their numbers.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "cap_chown",
        "cap_dac_override",
        "cap_dac_read_search",
        "cap_fowner",
        "cap_fsetid",
        "cap_kill",
        "cap_setgid",
        "cap_setuid",
        "cap_setpcap",
        "cap_linux_immutable",
        "cap_net_bind_service",
        "cap_net_broadcast",
        "cap_net_admin",
        "cap_net_raw",
        "cap_ipc_lock",
        "cap_ipc_owner",
        "cap_sys_module",
        "cap_sys_rawio",
        "cap_sys_chroot",
        "cap_sys_ptrace",
        "cap_sys_pacct",
        "cap_sys_admin",
        "cap_sys_boot",
        "cap_sys_nice",
        "cap_sys_resource",
        "cap_sys_time",
        "cap_sys_tty_config",
        "cap_mknod",
        "cap_lease",
        "cap_audit_write",
        "cap_audit_control",
        "cap_setfcap",
        "cap_mac_override",
        "cap_mac_admin",
        "cap_syslog",
        "cap_wake_alarm",
        "cap_block_suspend",
        "cap_audit_read",
        "cap_perfmon",
        "cap_bpf",
        "cap_checkpoint_restore",
    ];

    /// <summary>Those of these names; a name that there is not counts for nothing.</summary>
    public static FileCapabilities Of(IEnumerable<string> names) =>
        new(names.Select(x => Names.IndexOf(x)).Where(x => x >= 0).Aggregate(0UL, (mask, x) => mask | (1UL << x)));

    /// <summary>Those that the attribute of a file says are permitted; none where it has another form.</summary>
    public static FileCapabilities OfAttribute(ReadOnlySpan<byte> value) =>
        value.Length >= AttributeSize
            ? new(
                BinaryPrimitives.ReadUInt32LittleEndian(value[PermittedLow..])
                    | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(value[PermittedHigh..]) << 32)
            )
            : default;

    /// <summary>The value of the attribute: <c>struct vfs_cap_data</c>, the least significant byte first.</summary>
    public byte[] ToAttribute()
    {
        var value = new byte[AttributeSize];
        BinaryPrimitives.WriteUInt32LittleEndian(value, Revision | Effective);
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(PermittedLow), (uint)Mask);
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(PermittedHigh), (uint)(Mask >> 32));
        return value;
    }

    /// <summary>As <c>setcap</c> writes them: <c>cap_net_bind_service,cap_net_raw=ep</c>; empty for none.</summary>
    public override string ToString()
    {
        var mask = Mask;
        return mask == 0 ? "" : string.Join(',', Names.Where((_, i) => (mask & (1UL << i)) != 0)) + "=ep";
    }
}
