namespace Recipes.Engine.Inspection;

/// <summary>One symbol of a dynamic symbol table.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Version">Such as <c>GLIBC_2.34</c>; null where symbols have no versions.</param>
/// <param name="IsWeak">An undefined weak symbol need not be found.</param>
/// <param name="IsData">
/// True for objects and thread-local storage, false for functions and symbols without a type.
/// </param>
internal sealed record ElfSymbol(string Name, string? Version, bool IsWeak, bool IsData)
{
    /// <summary><c>name</c> or <c>name@version</c>.</summary>
    public override string ToString() => Version is null ? Name : $"{Name}@{Version}";
}
