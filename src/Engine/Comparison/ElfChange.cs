using Recipes.Engine.Inspection;

namespace Recipes.Engine.Comparison;

/// <summary>
/// How an ELF file changed that is on both sides, under the same path or as a library under the same soname.
/// </summary>
/// <param name="PathBefore">Where it was.</param>
/// <param name="PathAfter">Where it is.</param>
/// <param name="SonameBefore">Its soname then, or null.</param>
/// <param name="SonameAfter">Its soname now, or null.</param>
/// <param name="Needed">The libraries that it names (<c>DT_NEEDED</c>).</param>
/// <param name="Exported">The symbols that it defines for others, <c>name</c> or <c>name@version</c>.</param>
internal sealed record ElfChange(
    string PathBefore,
    string PathAfter,
    string? SonameBefore,
    string? SonameAfter,
    SetDifference Needed,
    SetDifference Exported
)
{
    /// <summary>True if only its code or data changed.</summary>
    public bool IsEmpty => SonameBefore == SonameAfter && Needed.IsEmpty && Exported.IsEmpty;

    internal static ElfChange Of(SideFile before, SideFile after) =>
        new(
            before.Path,
            after.Path,
            before.Soname,
            after.Soname,
            SetDifference.Of(before.Elf.Needed, after.Elf.Needed),
            SetDifference.Of(before.Exported, after.Exported)
        );
}

/// <summary>An ELF file of one side.</summary>
internal sealed record SideFile(string Path, ElfFile Elf)
{
    /// <summary>The name under which the loader finds it, or null.</summary>
    public string? Soname { get; } = OutputScanner.SonameOf(Path, Elf);

    /// <summary>All symbols that it exports, also those that nobody should rely on.</summary>
    public IEnumerable<string> AllExported => Elf.Exported.Select(x => x.ToString());

    /// <summary>The symbols that others can rely on.</summary>
    public IEnumerable<string> Exported => Elf.Exported.Where(x => x.IsInterface).Select(x => x.ToString());
}
