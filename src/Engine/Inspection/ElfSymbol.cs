namespace Recipes.Engine.Inspection;

/// <summary>One symbol of a dynamic symbol table.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Version">Such as <c>GLIBC_2.34</c>; null where symbols have no versions.</param>
/// <param name="IsWeak">
/// An undefined weak symbol need not be found; of equal definitions of one, any will do.
/// </param>
/// <param name="IsData">
/// True for objects and thread-local storage, false for functions and symbols without a type.
/// </param>
internal sealed record ElfSymbol(string Name, string? Version, bool IsWeak, bool IsData)
{
    // In std, in a namespace of it, or in __gnu_cxx; a method may be const, and for lvalues or rvalues.
    private static readonly string[] Copies =
    [
        .. ((string[])["", "K"]).SelectMany(x => ((string[])["", "R", "O"]).Select(y => $"_ZN{x}{y}St")),
        .. ((string[])["I", "S", "V", "T"]).SelectMany(x => (string[])[$"_ZT{x}St", $"_ZT{x}NSt"]),
        "_ZSt",
        "_ZN9__gnu_cxx",
        "_ZNK9__gnu_cxx",
    ];
    private static readonly string[] Locals = ["_ZZ", "_ZGVZ", "_ZTIZ", "_ZTSZ", "_ZTVZ"];

    /// <summary>
    /// False for what a library exports without meaning to, and nobody can rely on: where the linker begins and ends,
    /// what is local to a C++ function and has no name outside of it, and the copies of templates of the C++ library
    /// that a compiler leaves in whatever calls them. Another compiler, or another option, leaves others.
    /// </summary>
    /// <remarks>The prefixes are those of the Itanium C++ ABI, "External Names (Mangling)".</remarks>
    public bool IsInterface =>
        Name is not ("_init" or "_fini" or "_edata" or "_end" or "__bss_start")
        && !StartsWithAny(Locals)
        && !(IsWeak && Version is null && StartsWithAny(Copies));

    private bool StartsWithAny(string[] prefixes)
    {
        var name = Name;
        return Array.Exists(prefixes, x => name.StartsWith(x, StringComparison.Ordinal));
    }

    /// <summary><c>name</c> or <c>name@version</c>.</summary>
    public override string ToString() => Version is null ? Name : $"{Name}@{Version}";
}
