using System.Collections.Immutable;

namespace Recipes.Engine.Inspection;

/// <summary>The kinds of ELF files (<c>e_type</c>).</summary>
internal enum ElfType
{
    /// <summary>None of the others: a core dump, or unknown.</summary>
    Other = 0,

    /// <summary><c>ET_REL</c>: an object file.</summary>
    Relocatable = 1,

    /// <summary><c>ET_EXEC</c>: an executable at a fixed address.</summary>
    Executable = 2,

    /// <summary><c>ET_DYN</c>: a shared library, or a position-independent executable.</summary>
    Dynamic = 3,
}

/// <summary>
/// What the dynamic loader reads of an ELF file, 32 or 64 bits, of either byte order. Nothing is taken from section
/// headers, which a file may lack.
/// </summary>
/// <remarks>
/// See the System V ABI, chapters 4 and 5 (https://www.sco.com/developers/gabi/latest/contents.html), and for versions
/// the Linux Standard Base, "Symbol Versioning".
/// </remarks>
internal sealed record ElfFile
{
    /// <summary>The kind.</summary>
    public required ElfType Type { get; init; }

    /// <summary><c>e_machine</c>: 62 for x86-64, 183 for AArch64.</summary>
    public required int Machine { get; init; }

    /// <summary>True for 64 bits.</summary>
    public required bool Is64Bit { get; init; }

    /// <summary>True for least significant byte first.</summary>
    public required bool IsLittleEndian { get; init; }

    /// <summary>True if there is a dynamic section.</summary>
    public bool IsDynamicallyLinked { get; init; }

    /// <summary>The program interpreter, or null.</summary>
    public string? Interpreter { get; init; }

    /// <summary><c>DT_SONAME</c>, or null.</summary>
    public string? Soname { get; init; }

    /// <summary><c>DT_NEEDED</c>, in file order.</summary>
    public ImmutableArray<string> Needed { get; init; } = [];

    /// <summary>The entries of <c>DT_RUNPATH</c>, or of <c>DT_RPATH</c> where there is none.</summary>
    public ImmutableArray<string> RunPath { get; init; } = [];

    /// <summary>Global and weak symbols that it defines, in table order.</summary>
    public ImmutableArray<ElfSymbol> Exported { get; init; } = [];

    /// <summary>Symbols that it wants from others, in table order.</summary>
    public ImmutableArray<ElfSymbol> Undefined { get; init; } = [];

    /// <summary>
    /// True if it holds the note <c>NT_GNU_ABI_TAG</c>, which the start files of the GNU C library put into every
    /// program, static ones too, and those of musl do not.
    /// </summary>
    public bool HasGnuAbiTag { get; init; }

    /// <summary>True if the bytes begin as an ELF file does.</summary>
    public static bool IsElf(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\u007fELF"u8);

    /// <summary>Reads a whole file's bytes.</summary>
    /// <exception cref="FormatException">
    /// The bytes are no ELF file, or are damaged; no other exception is thrown.
    /// </exception>
    public static ElfFile Parse(ReadOnlySpan<byte> bytes) => new ElfParser(new(bytes)).Parse();

    /// <summary>Reads a file; null if it is not an ELF file.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ElfFile? Read(string path)
    {
        using var file = MappedFile.Open(path);
        return IsElf(file.Bytes) ? Parse(file.Bytes) : null;
    }
}
