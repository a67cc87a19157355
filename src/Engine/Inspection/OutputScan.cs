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
);

/// <summary>The files of one output that take part in run-time closures, sorted by path.</summary>
/// <param name="Files">Only files with a soname, a need or an interpreter.</param>
internal sealed record OutputScan(ImmutableArray<FileScan> Files);
