using System.Collections.Immutable;

namespace Recipes.Cli.Doctor;

/// <summary>What a check of the host found.</summary>
internal enum HostState
{
    /// <summary>All is well.</summary>
    Good,

    /// <summary>It works, with a drawback.</summary>
    Warning,

    /// <summary>Something will not work.</summary>
    Fault,
}

/// <summary>One fact about the host.</summary>
/// <param name="Name">What was looked at, such as <c>user namespaces</c>.</param>
/// <param name="State">What was found.</param>
/// <param name="Detail">The fact itself: a version, a size, the error.</param>
/// <param name="Packages">Debian packages that mend it.</param>
/// <param name="Command">A command that mends it where no package does, or null.</param>
internal sealed record HostCheck(
    string Name,
    HostState State,
    string Detail,
    ImmutableArray<string> Packages,
    string? Command = null
);
