using System.Collections.Immutable;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;

namespace Recipes.Engine.Contracts;

/// <summary>
/// Whether what an image to build with can link runs on an image to run on: all of the second is in the first, to the
/// byte, and each shared library that the first offers at <c>-l</c> is one that the second has.
/// </summary>
internal static class StackFit
{
    private const string Library = "lib";

    /// <summary>What does not fit, a sentence each, by path.</summary>
    /// <param name="build">The image to build with.</param>
    /// <param name="runtime">The image to run on.</param>
    /// <param name="promised">What is promised of the second.</param>
    /// <param name="excepted">Paths that the two images have of their own, such as their accounts.</param>
    public static ImmutableArray<string> Misfits(
        FileListing build,
        FileListing runtime,
        Contract promised,
        Func<string, bool> excepted
    ) => [.. Missing(build, runtime, excepted), .. Unpromised(build, promised)];

    private static IEnumerable<string> Missing(FileListing build, FileListing runtime, Func<string, bool> excepted)
    {
        foreach (var file in runtime.Files.Values.Where(x => x.Kind != TreeEntryKind.Folder && !excepted(x.Path)))
        {
            if (build.Files.GetValueOrDefault(file.Path) is not { } same)
                yield return $"'/{file.Path}' is in the image to run on alone";
            else if ((same.Kind, same.Content, same.Target) != (file.Kind, file.Content, file.Target))
                yield return $"'/{file.Path}' differs between the two images";
        }
    }

    private static IEnumerable<string> Unpromised(FileListing build, Contract promised)
    {
        foreach (var (path, name) in build.Files.Keys.Select(x => (x, LinkName(x))))
        {
            if (name is null)
                continue;
            var reached = build.Resolve(path);
            if (!build.Files.ContainsKey(reached))
                continue;
            if (build.Elf(reached) is not { } elf || new SideFile(reached, elf) is not { Soname: { } soname } library)
                continue;
            if (promised.Find(ContractKind.Soname, soname) is null)
            {
                yield return $"-l{name} links with '{soname}', which is not promised";
                continue;
            }
            var lacking = library
                .Exported.Where(x => promised.Find(ContractKind.Symbol, $"{soname} {x}") is null)
                .ToList();
            if (lacking.Count > 0)
                yield return $"-l{name} offers '{lacking[0]}'"
                    + (lacking.Count > 1 ? $" and {lacking.Count - 1} more" : "")
                    + $", which '{soname}' does not promise";
        }
    }

    /// <summary><c>usr/lib/libz.so</c> → <c>z</c>; null for what no <c>-l</c> finds.</summary>
    private static string? LinkName(string path)
    {
        var at = path.LastIndexOf('/');
        var name = path[(at + 1)..];
        return
            at > 0
            && LibrarySearch.DefaultFolders.Contains("/" + path[..at])
            && name.StartsWith(Library, StringComparison.Ordinal)
            && name.EndsWith(".so", StringComparison.Ordinal)
            ? name[Library.Length..^".so".Length]
            : null;
    }
}
