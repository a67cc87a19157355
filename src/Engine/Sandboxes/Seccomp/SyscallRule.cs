using System.Collections.Immutable;

namespace Recipes.Engine.Sandboxes.Seccomp;

/// <summary>A system call that fails.</summary>
/// <param name="Name">As libseccomp knows it.</param>
/// <param name="Number">On x86-64.</param>
/// <param name="Error">The error number that it fails with.</param>
/// <param name="When">It fails if any of these holds; empty for always.</param>
internal sealed record SyscallRule(string Name, uint Number, int Error, ImmutableArray<ArgumentTest> When)
{
    /// <summary>EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOSYS, on which C libraries fall back to an older call.</summary>
    public const int NotImplemented = 38;

    /// <summary>EAFNOSUPPORT.</summary>
    public const int FamilyNotSupported = 97;

    /// <summary>A call that is never permitted.</summary>
    public static SyscallRule Never(string name, uint number) => new(name, number, NotPermitted, []);
}
