using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Comparison;

/// <summary>A path that is on both sides and differs in kind, content, mode, owner or target.</summary>
internal sealed record FileChange(ListedFile Before, ListedFile After)
{
    /// <summary>The path.</summary>
    public string Path => After.Path;
}

/// <summary>What differs between the files of two outputs, packages or images.</summary>
/// <param name="Added">Files and links that only the second has, and its empty folders; by path.</param>
/// <param name="Removed">What only the first has.</param>
/// <param name="Changed">What both have, and differs.</param>
/// <param name="Elf">ELF files that both have and whose soname, needs or symbols differ.</param>
/// <param name="Sonames">Of all libraries.</param>
/// <param name="BytesBefore">The sum of the sizes of all files of the first.</param>
/// <param name="BytesAfter">The same of the second.</param>
internal sealed record OutputComparison(
    ImmutableArray<ListedFile> Added,
    ImmutableArray<ListedFile> Removed,
    ImmutableArray<FileChange> Changed,
    ImmutableArray<ElfChange> Elf,
    SetDifference Sonames,
    long BytesBefore,
    long BytesAfter
)
{
    /// <summary>True if both hold the same.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Changed.IsEmpty;

    /// <summary>Compares; only ELF files that differ are read.</summary>
    /// <exception cref="EngineException">A file cannot be read.</exception>
    public static OutputComparison Of(FileListing before, FileListing after)
    {
        var added = OnlyIn(after, before);
        var removed = OnlyIn(before, after);
        var changed = before
            .Files.Values.Where(x => after.Files.TryGetValue(x.Path, out var other) && other != x)
            .Select(x => new FileChange(x, after.Files[x.Path]))
            .ToImmutableArray();
        var old = Elves(before, removed.Concat(changed.Select(x => x.Before)));
        var current = Elves(after, added.Concat(changed.Select(x => x.After)));
        return new(
            added,
            removed,
            changed,
            [
                .. Pairs(old, current)
                    .Select(x => ElfChange.Of(x.Before, x.After))
                    .Where(x => !x.IsEmpty)
                    .OrderBy(x => x.PathAfter, TreeDirectory.NameOrder),
            ],
            SetDifference.Of(NamesOf(old.Values), NamesOf(current.Values)),
            before.FileBytes,
            after.FileBytes
        );
    }

    /// <summary>The libraries that are on both sides under one soname, and differ.</summary>
    internal static IEnumerable<(SideFile Before, SideFile After)> Libraries(FileListing before, FileListing after)
    {
        var (old, current) = (BySoname(before), BySoname(after));
        return old.Where(x => current.ContainsKey(x.Key)).Select(x => (x.Value, current[x.Key]));

        Dictionary<string, SideFile> BySoname(FileListing side)
        {
            var other = side == before ? after : before;
            var libraries = new Dictionary<string, SideFile>(StringComparer.Ordinal);
            foreach (
                var file in Elves(side, side.Files.Values.Where(x => other.Files.GetValueOrDefault(x.Path) != x)).Values
            )
            {
                if (file.Soname is { } soname)
                    libraries.TryAdd(soname, file);
            }
            return libraries;
        }
    }

    private static ImmutableArray<ListedFile> OnlyIn(FileListing side, FileListing other)
    {
        var folders = side.Files.Keys.Select(Path.GetDirectoryName).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. side.Files.Values.Where(x =>
                !other.Files.ContainsKey(x.Path) && !(x.Kind == TreeEntryKind.Folder && folders.Contains(x.Path))
            ),
        ];
    }

    private static SortedDictionary<string, SideFile> Elves(FileListing side, IEnumerable<ListedFile> files)
    {
        var found = new SortedDictionary<string, SideFile>(TreeDirectory.NameOrder);
        foreach (var file in files.Where(x => x.Kind == TreeEntryKind.File))
        {
            if (side.Elf(file.Path) is { } elf)
                found.Add(file.Path, new(file.Path, elf));
        }
        return found;
    }

    /// <summary>By path, and libraries whose file has another name now by soname.</summary>
    private static IEnumerable<(SideFile Before, SideFile After)> Pairs(
        SortedDictionary<string, SideFile> before,
        SortedDictionary<string, SideFile> after
    )
    {
        var moved = after
            .Values.Where(x => x.Soname is not null && !before.ContainsKey(x.Path))
            .ToLookup(x => x.Soname);
        foreach (var old in before.Values)
        {
            if (after.TryGetValue(old.Path, out var same))
                yield return (old, same);
            else if (old.Soname is not null && moved[old.Soname].FirstOrDefault() is { } elsewhere)
                yield return (old, elsewhere);
        }
    }

    private static IEnumerable<string> NamesOf(IEnumerable<SideFile> files) =>
        files.Select(x => x.Soname).OfType<string>();
}
