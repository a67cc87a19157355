using Recipes.Engine.Content.Tar;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Archives;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Debian;

/// <summary>
/// Makes a root of the files of Debian packages. No maintainer script runs: the few links that they would make are
/// declared.
/// </summary>
internal sealed class SeedRoot(TreeImport import, CancellationToken cancellationToken)
{
    /// <summary>What people read and what package tools keep; no program of a build root needs it.</summary>
    private static readonly HashSet<string> Bulk = new(StringComparer.Ordinal)
    {
        "bug",
        "doc",
        "doc-base",
        "info",
        "lintian",
        "locale",
        "man",
    };

    private readonly HashSet<string> merged = new(StringComparer.Ordinal);

    /// <summary>Adds the files of one package.</summary>
    /// <exception cref="EngineException">The package is damaged, or holds something that is refused.</exception>
    public void AddPackage(string label, string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17);
            var most = new SourceLimits().BytesOf(file.Length);
            using var member = ArReader.OpenMember(file, "data.tar");
            using var content = Decompression.Open(member);
            using var limited = new LimitedStream(
                content,
                most,
                $"it unpacks to more than {most} bytes",
                cancellationToken
            );
            using var buffered = new BufferedStream(limited, 1 << 17);
            var tar = new TarArchive(buffered);
            while (tar.Next() is { } entry)
            {
                limited.Count(entry.Holes);
                Add(entry);
            }
            buffered.CopyTo(Stream.Null);
        }
        catch (ImportException e)
        {
            throw new EngineException($"Cannot import '{label}': {e.Message}. Nothing was imported.", e);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new EngineException(
                $"Cannot import '{label}': it is damaged, or no Debian package ({e.Message.TrimEnd('.')}).",
                e
            );
        }
    }

    /// <summary>Adds the links of a merged <c>/usr</c> and those that the recipe declares.</summary>
    /// <exception cref="ImportException">A link is in the way of something else, or leads outside.</exception>
    public void AddLinks(SeedSpec seed)
    {
        foreach (var folder in merged.Order(StringComparer.Ordinal))
            import.AddLink([folder], "usr/" + folder);
        foreach (var (path, target) in seed.Links)
        {
            var segments = EntryPath.Split(path.TrimStart('/'));
            if (segments.Length == 0)
                throw new ImportException($"'{path}' in [seed.links] names the root itself");
            var placed = segments.Length == 1 ? segments : MergedUsr.Map(segments);
            import.AddLink(placed, MergedUsr.MapTarget(segments, placed, target));
        }
    }

    private void Add(TarMember entry)
    {
        var path = EntryPath.Split(entry.Name);
        if (path.Length == 0 || IsBulk(path))
            return;
        TarEntries.Check(entry);
        if (MergedUsr.Folders.Contains(path[0]))
            merged.Add(path[0]);
        // A package of a merged system may ship /lib itself as a link.
        if (path.Length == 1 && MergedUsr.Folders.Contains(path[0]) && entry.Kind != TarKind.Folder)
            return;
        var placed = MergedUsr.Map(path);
        var target = entry.Kind == TarKind.Link ? MergedUsr.MapTarget(path, placed, entry.Target) : "";
        TarEntries.Add(import, entry, placed, target, () => MergedUsr.Map(EntryPath.Split(entry.Target)));
    }

    private static bool IsBulk(string[] path) => path is ["usr", "share", var name, ..] && Bulk.Contains(name);
}
