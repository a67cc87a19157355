using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine.Inspection;

/// <summary>Finds what the files of an output give and want at run time.</summary>
internal static class OutputScanner
{
    // The kernel reads no more of a '#!' line.
    private const int MaxLine = 256;

    private const string SplitOption = "--split-string=";

    // Where the loader of musl looks without being told.
    private const string LibraryFolder = "usr/lib/";

    /// <summary>Scans a tree.</summary>
    /// <param name="tree">Its listing.</param>
    /// <param name="directory">Its files.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>
    /// The ELF files that the loader reads, and the scripts: executable files with a <c>#!</c> line. A library without
    /// soname that the loader finds by its file name (musl's own <c>libc.so</c>) has that name for its soname. Of a
    /// script that starts with <c>/usr/bin/env NAME</c>, the interpreter is <c>/usr/bin/NAME</c>, whatever options and
    /// variables come before the name.
    /// </returns>
    public static OutputScan Scan(Tree tree, string directory, CancellationToken cancellationToken = default)
    {
        var entries = tree.Walk().Where(x => x.Kind == TreeEntryKind.File && x.Digest.Size > 2).ToList();
        var found = new FileScan?[entries.Count];
        Parallel.For(0, entries.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            found[i] = Scan(entries[i], Path.Join(directory, entries[i].Path))
        );
        return new([.. found.OfType<FileScan>().OrderBy(x => x.Path, TreeDirectory.NameOrder)]);
    }

    /// <summary>Scans one regular file; null if it neither gives nor wants anything.</summary>
    /// <param name="entry">The file in its tree.</param>
    /// <param name="path">The file itself.</param>
    public static FileScan? Scan(TreeEntry entry, string path)
    {
        Span<byte> head = stackalloc byte[MaxLine];
        using (var handle = Posix.OpenFile(path))
            head = head[..RandomAccess.Read(handle, head, 0)];
        if (ElfFile.IsElf(head))
            return ScanElf(entry, path);
        return entry.IsExecutable && InterpreterOf(head) is { } interpreter
            ? new(entry.Path, null, [], [], interpreter)
            : null;
    }

    private static FileScan? ScanElf(TreeEntry entry, string path)
    {
        ElfFile? elf;
        try
        {
            elf = ElfFile.Read(path);
        }
        catch (FormatException)
        {
            // No loader reads it; test suites install such files as data.
            return null;
        }
        if (elf is null || elf.Type is not (ElfType.Executable or ElfType.Dynamic))
            return null;
        var soname = SonameOf(entry.Path, elf);
        return soname is null && elf.Needed.IsEmpty && elf.Interpreter is null
            ? null
            : new(entry.Path, soname, elf.Needed, elf.RunPath, elf.Interpreter);
    }

    /// <summary>
    /// The name under which the loader finds a library: its soname, or where it has none its file name; else null.
    /// </summary>
    internal static string? SonameOf(string path, ElfFile elf) =>
        elf.Soname ?? (IsLibrary(path, elf) ? Path.GetFileName(path) : null);

    private static bool IsLibrary(string path, ElfFile elf) =>
        elf is { Type: ElfType.Dynamic, IsDynamicallyLinked: true, Interpreter: null }
        && path.StartsWith(LibraryFolder + "lib", StringComparison.Ordinal)
        && path.IndexOf('/', LibraryFolder.Length) < 0
        && path.Contains(".so", StringComparison.Ordinal);

    private static string? InterpreterOf(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("#!"u8))
            return null;
        var end = head.IndexOf((byte)'\n');
        var words = Encoding
            .UTF8.GetString(head[2..(end < 0 ? head.Length : end)])
            .Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["/usr/bin/env" or "/bin/env", .. var rest] when NamedIn(rest) is { } name => name[0] == '/'
                ? name
                : "/usr/bin/" + name,
            [var program, ..] when program[0] == '/' => program,
            _ => null,
        };
    }

    /// <summary>The program that <c>env</c> runs, with its options as in coreutils; null for none.</summary>
    private static string? NamedIn(ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (word.StartsWith("-S", StringComparison.Ordinal) && word.Length > 2)
                return word[2..];
            if (word.StartsWith(SplitOption, StringComparison.Ordinal))
                return word[SplitOption.Length..];
            if (word is "-u" or "--unset" or "-C" or "--chdir")
                i++;
            else if (word[0] != '-' && !word.Contains('=', StringComparison.Ordinal))
                return word;
        }
        return null;
    }
}
