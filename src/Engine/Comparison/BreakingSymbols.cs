using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;

namespace Recipes.Engine.Comparison;

/// <summary>A file that wants a symbol.</summary>
/// <param name="Owner">The output (<c>package:output</c>) or image that holds it.</param>
/// <param name="Path">Relative to the root.</param>
internal sealed record SymbolUser(string Owner, string Path);

/// <summary>A symbol that a library no longer has though its soname is the same.</summary>
/// <param name="Soname">Of the library.</param>
/// <param name="Symbol"><c>name</c> or <c>name@version</c>.</param>
/// <param name="Users">
/// The files that name the library and leave the symbol undefined; empty if nothing known uses it.
/// </param>
internal sealed record BreakingSymbol(string Soname, string Symbol, ImmutableArray<SymbolUser> Users);

/// <summary>Files that may use a library.</summary>
/// <param name="Owner">The output or image that holds them.</param>
/// <param name="Files">Read only where they name the library.</param>
/// <param name="Scan">What the files want at run time, if that is known: then no file is opened in vain.</param>
internal sealed record Dependent(string Owner, FileListing Files, OutputScan? Scan = null);

/// <summary>
/// Finds what a new version of a library breaks. The soname is the promise that programs linked to the earlier one go
/// on running, so a symbol that is removed under the same soname is a break.
/// </summary>
internal static class BreakingSymbols
{
    /// <summary>
    /// Every removed symbol of every library that kept its soname, with those of the dependents that use it.
    /// </summary>
    /// <param name="before">The package or image then.</param>
    /// <param name="after">The same now.</param>
    /// <param name="dependents">What was linked to it, or may have been.</param>
    public static ImmutableArray<BreakingSymbol> Find(
        FileListing before,
        FileListing after,
        IEnumerable<Dependent> dependents
    )
    {
        var removed = OutputComparison
            .Libraries(before, after)
            .Select(x =>
                (
                    Soname: x.Before.Soname!,
                    Symbols: SetDifference.Of(x.Before.AllExported, x.After.AllExported).Removed,
                    Interface: x.Before.Exported.ToHashSet(StringComparer.Ordinal)
                )
            )
            .Where(x => !x.Symbols.IsEmpty)
            .OrderBy(x => x.Soname, StringComparer.Ordinal)
            .ToList();
        if (removed.Count == 0)
            return [];
        var sonames = removed.Select(x => x.Soname).ToHashSet(StringComparer.Ordinal);
        var exports = Exports(after);
        var uses = dependents
            .SelectMany(x => Uses(x, sonames, exports))
            .ToLookup(x => (x.Soname, x.Symbol), x => x.User);
        return
        [
            .. removed.SelectMany(x =>
                x.Symbols.Select(symbol => new BreakingSymbol(x.Soname, symbol, [.. uses[(x.Soname, symbol)]]))
                    // What nobody should rely on is told where something does.
                    .Where(symbol => x.Interface.Contains(symbol.Symbol) || !symbol.Users.IsEmpty)
            ),
        ];
    }

    /// <summary>Soname → what it exports now.</summary>
    private static Dictionary<string, HashSet<string>> Exports(FileListing after)
    {
        var exports = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var file in after.ElfFiles().Select(x => new SideFile(x.Path, x.Elf)).Where(x => x.Soname is not null))
            exports.TryAdd(file.Soname!, file.AllExported.ToHashSet(StringComparer.Ordinal));
        return exports;
    }

    private static IEnumerable<(string Soname, string Symbol, SymbolUser User)> Uses(
        Dependent dependent,
        HashSet<string> sonames,
        Dictionary<string, HashSet<string>> exports
    )
    {
        var wanting = dependent
            .Scan?.Files.Where(x => x.Needed.Any(sonames.Contains))
            .Select(x => x.Path)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (path, elf) in dependent.Files.ElfFiles(wanting is null ? null : wanting.Contains))
        {
            // The loader takes a symbol from any library that the file names: one that moved between two of them is no
            // break.
            var found = elf
                .Needed.Where(exports.ContainsKey)
                .SelectMany(x => exports[x])
                .ToHashSet(StringComparer.Ordinal);
            foreach (var soname in elf.Needed.Where(sonames.Contains))
            {
                foreach (
                    var symbol in elf
                        .Undefined.Where(x => !x.IsWeak)
                        .Select(x => x.ToString())
                        .Where(x => !found.Contains(x))
                )
                    yield return (soname, symbol, new(dependent.Owner, path));
            }
        }
    }
}
