using System.Collections.Immutable;

namespace Recipes.Engine.Inspection;

/// <summary>What one file of an output gives to others or wants from them at run time.</summary>
/// <param name="Path">Relative to the root: <c>usr/lib/libz.so.1.3.1</c>.</param>
/// <param name="Soname">The <c>DT_SONAME</c> of a shared library, or null.</param>
/// <param name="Needed">The <c>DT_NEEDED</c> entries, in file order.</param>
/// <param name="RunPath">The <c>DT_RUNPATH</c> or <c>DT_RPATH</c> entries.</param>
/// <param name="Interpreter">The ELF interpreter or the program of a <c>#!</c> line, absolute; or null.</param>
internal sealed record FileScan(
    string Path,
    string? Soname,
    ImmutableArray<string> Needed,
    ImmutableArray<string> RunPath,
    string? Interpreter
)
{
    private static readonly string[] ProgramFolders = ["usr/bin/", "usr/sbin/", "usr/libexec/"];

    /// <summary>
    /// Whether its interpreter has to be there: of a script elsewhere than in a folder of programs, such as a module
    /// that happens to be executable, nobody can tell that it is ever run.
    /// </summary>
    public bool NeedsInterpreter =>
        Interpreter is not null
        && (
            Soname is not null
            || !Needed.IsEmpty
            || Path.StartsWith("etc/", StringComparison.Ordinal)
            || ProgramFolders.Any(x => Path.StartsWith(x, StringComparison.Ordinal))
        );
}

/// <summary>The files of one output that take part in run-time closures, sorted by path.</summary>
/// <param name="Files">Only files with a soname, a need or an interpreter.</param>
internal sealed record OutputScan(ImmutableArray<FileScan> Files);
