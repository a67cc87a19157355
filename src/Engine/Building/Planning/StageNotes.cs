using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Checks;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// What the last step of a build notes in files at the root of the stage, since a tree does not tell. The build may
/// have made something of these names before: it must neither hide anything nor lead anywhere.
/// </summary>
internal static class StageNotes
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Fails for a name that no list of names could hold.</summary>
    /// <exception cref="EngineException">A name has a line break in it.</exception>
    public static void RequireNames(Tree stage)
    {
        if (stage.Walk().FirstOrDefault(x => x.Path.Contains('\n', StringComparison.Ordinal)) is { } odd)
            throw new EngineException(
                $"'/{odd.Path.Replace("\n", "\\n", StringComparison.Ordinal)}' has a line break in its name, which no "
                    + $"package may install; rename or remove it in the install step"
            );
    }

    /// <summary>The modes that a tree does not hold.</summary>
    /// <exception cref="EngineException">The note is not what the last step writes.</exception>
    public static ImmutableArray<StageMode> Modes(Tree stage, ContentStore store) =>
        Read(stage, BuildScript.ModesFile, "special modes", StageMode.Parse, store);

    /// <summary>
    /// Names of one file, two or more in a group and sorted; only those whose content is equal, whatever the note says.
    /// </summary>
    /// <exception cref="EngineException">The note is not what the last step writes.</exception>
    public static ImmutableArray<ImmutableArray<string>> HardLinks(Tree stage, ContentStore store) =>
        [
            .. Read(stage, BuildScript.LinksFile, "hard links", ParseLinks, store)
                .Select(x => (x.Group, Entry: stage.Find(x.Path)))
                .Where(x => x.Entry is { Kind: TreeEntryKind.File, Digest.Size: > 0 })
                .GroupBy(x => (x.Group, x.Entry!.Digest, x.Entry.IsExecutable))
                .Select(x => x.Select(link => link.Entry!.Path).Order(TreeDirectory.NameOrder).ToImmutableArray())
                .Where(x => x.Length > 1)
                .OrderBy(x => x[0], TreeDirectory.NameOrder),
        ];

    private static ImmutableArray<T> Read<T>(
        Tree stage,
        string name,
        string what,
        Func<string, ImmutableArray<T>> parse,
        ContentStore store
    )
    {
        if (stage.Find(name) is not { } entry)
            return [];
        if (entry.Kind != TreeEntryKind.File)
            throw new EngineException(
                $"the build made a {entry.Kind.ToString().ToLowerInvariant()} at /stage/{name}, where the last step "
                    + $"lists {what}; use another name"
            );
        try
        {
            if (entry.Digest.Size > MaxBytes)
                throw new FormatException($"it has {entry.Digest.Size} bytes");
            using var file = new FileStream(Posix.OpenBeneath(store.TreePath(stage.Digest), name), FileAccess.Read);
            using var reader = new StreamReader(file);
            return parse(reader.ReadToEnd());
        }
        catch (FormatException e)
        {
            throw new EngineException(
                $"/stage/{name} is not the list of {what} that the last step writes: {e.Message.TrimEnd('.')}; the "
                    + $"build made that file itself",
                e
            );
        }
    }

    private static ImmutableArray<(int Group, string Path)> ParseLinks(string list) =>
        [.. list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ParseLink)];

    private static (int Group, string Path) ParseLink(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (
            space < 1
            || !int.TryParse(line[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var group)
            || !line[(space + 1)..].StartsWith("./", StringComparison.Ordinal)
        )
            throw new FormatException($"'{line}' is not a number and path.");
        return (group, line[(space + 3)..]);
    }
}
