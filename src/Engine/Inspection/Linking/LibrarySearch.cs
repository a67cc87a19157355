using System.Collections.Immutable;

namespace Recipes.Engine.Inspection.Linking;

/// <summary>
/// Where musl's dynamic linker looks for a library (<c>load_library</c> in its <c>ldso/dynlink.c</c>):
/// <list type="number">
/// <item>A name with a slash is a path, and nothing is searched.</item>
/// <item>A name that was searched for and found before is in memory already (<see cref="LoadWalk{T}"/>).</item>
/// <item><c>libc</c> and the libraries that musl has in itself, whatever their version, are the dynamic linker.</item>
/// <item>The run path of the file that needs it, then that of what loaded this file, and so on to the start.
/// <c>DT_RPATH</c> is treated as <c>DT_RUNPATH</c> is, and counts only where that is absent. One with another variable
/// than <c>$ORIGIN</c> is void.</item>
/// <item>The folders of <c>/etc/ld-musl-ARCH.path</c>, or without that file <see cref="DefaultFolders"/>.</item>
/// </list>
/// A toolchain that is not our own yet may be linked with the GNU C library instead (<see cref="IsGnu{T}"/>), which
/// searches the folders of its own architecture. The environment is left out: no image may depend on
/// <c>LD_LIBRARY_PATH</c> to start. What a program opens by <c>dlopen</c> is in no header; recipes say it with
/// <c>requires</c>.
/// </summary>
internal static class LibrarySearch
{
    /// <summary>What is searched without <c>/etc/ld-musl-ARCH.path</c>.</summary>
    public static ImmutableArray<string> DefaultFolders { get; } = ["/lib", "/usr/local/lib", "/usr/lib"];

    private static readonly string[] InItself = ["c", "pthread", "rt", "m", "dl", "util", "xnet"];

    /// <summary>True for a name that the dynamic linker answers itself: <c>libc.so</c>, <c>libm.so.6</c>.</summary>
    public static bool IsLinkerItself(string name) =>
        name.StartsWith("lib", StringComparison.Ordinal)
        && name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        && InItself.Contains(name[3..dot]);

    /// <summary>
    /// True if the dynamic linker of the GNU C library loads a file: its program, or it itself, names that.
    /// </summary>
    public static bool IsGnu<T>(LoadedFile<T> by)
    {
        var start = by.Chain.Last().File;
        return start.Interpreter is { } interpreter
            ? GnuProgram.IsLinker(interpreter)
            : start.Path.Contains("-linux-gnu", StringComparison.Ordinal)
                || start.Needed.Any(x => x == "libc.so.6" || x.StartsWith("ld-linux", StringComparison.Ordinal));
    }

    /// <summary>The folders of the run paths that count for a need of a file, in this order.</summary>
    public static IEnumerable<string> RunPaths<T>(LoadedFile<T> by) => by.Chain.SelectMany(RunPath);

    /// <summary>The folders that <c>/etc/ld-musl-ARCH.path</c> names.</summary>
    public static ImmutableArray<string> ParseSystemPath(string text) =>
        [.. text.Split([':', '\n'], StringSplitOptions.RemoveEmptyEntries)];

    private static IEnumerable<string> RunPath<T>(LoadedFile<T> file)
    {
        var origin = Path.GetDirectoryName(file.Path)!;
        var folders = file
            .File.RunPath.Select(x =>
                x.Replace("${ORIGIN}", "$ORIGIN", StringComparison.Ordinal)
                    .Replace("$ORIGIN", origin, StringComparison.Ordinal)
            )
            .ToList();
        return folders.Exists(x => x.Contains('$', StringComparison.Ordinal))
            ? []
            // A relative folder is one of the caller's, of which nothing is known here.
            : folders.SelectMany(x => x.Split(':')).Where(x => x.StartsWith('/'));
    }
}
