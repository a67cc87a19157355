using Recipes.Engine.Content.Tar;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Archives;

/// <summary>
/// Unpacks tar archives (<see cref="TarArchive"/>, <see cref="Decompression"/>) as source trees: the single top folder
/// is stripped, executable bits and links are kept, hard links become copies. One pass, with nothing on the way but the
/// tree itself.
/// </summary>
internal static class ArchiveReader
{
    private const int BufferSize = 1 << 17;

    /// <summary>Unpacks an archive into an empty folder. After a failure the folder holds rubbish.</summary>
    /// <exception cref="EngineException">
    /// The archive is damaged, is not a tar archive, or holds something that is refused: the message names the entry.
    /// </exception>
    public static ImportedTree Unpack(UnpackRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (Unpack(request, strip: true, cancellationToken) is { } stripped)
                return stripped;
            Directory.Delete(request.Destination, recursive: true);
            Directory.CreateDirectory(request.Destination);
            return Unpack(request, strip: false, cancellationToken)!;
        }
        catch (ImportException e)
        {
            throw new EngineException($"Cannot import '{request.Label}': {e.Advice}. Nothing was imported.", e);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new EngineException(
                $"Cannot import '{request.Label}': it is damaged, or no tar archive ({e.Message.TrimEnd('.')}). "
                    + $"Nothing was imported.",
                e
            );
        }
        catch (IOException e)
        {
            throw new EngineException($"Cannot unpack '{request.Label}' into '{request.Destination}': {e.Message}", e);
        }
    }

    /// <summary>Null if the top folder was to be stripped, and there is more than one entry at the top.</summary>
    private static ImportedTree? Unpack(UnpackRequest request, bool strip, CancellationToken cancellationToken)
    {
        using var file = new FileStream(request.Archive, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
        using var content = Decompression.Open(file);
        using var limited = Limited(content, file.Length, request, cancellationToken);
        using var import = new TreeImport(request.Destination, request.Limits) { LaterWins = true };
        var wanted = new WantedPaths(request.Only, request.Except);
        var isRead = request.Inner is null
            ? Read(limited, import, wanted, strip)
            : ReadInner(limited, import, request, wanted, strip, cancellationToken);
        if (!isRead)
            return null;
        var tree = import.Finish();
        if (tree.Files > 0)
            return tree;
        throw new ImportException(wanted.IsAll ? "it holds no files" : $"no file in it matches {wanted}");
    }

    /// <summary>
    /// Finds the one entry that the glob names, with or without the top folder, and reads it as an archive.
    /// </summary>
    private static bool ReadInner(
        Stream outer,
        TreeImport import,
        UnpackRequest request,
        WantedPaths wanted,
        bool strip,
        CancellationToken cancellationToken
    )
    {
        var glob = Glob.Parse(request.Inner!);
        string? found = null;
        using var buffered = new BufferedStream(outer, BufferSize);
        var tar = new TarArchive(buffered);
        while (tar.Next() is { } entry)
        {
            if (!Matches(glob, EntryPath.Segments(entry.Name)))
                continue;
            if (entry.Kind == TarKind.Folder)
                continue;
            TarEntries.Check(entry);
            if (entry.Kind != TarKind.File)
                throw new ImportException($"'{entry.Name}', which inner = '{glob}' names, is a link");
            if (found is not null)
                throw new ImportException($"inner = '{glob}' names two archives in it: '{found}' and '{entry.Name}'");
            found = entry.Name;
            if (!Unwrap(entry.Content, entry.Length))
                return false;
        }
        return found is not null ? true : throw new ImportException($"no file in it matches inner = '{glob}'");

        bool Unwrap(Stream archive, long length)
        {
            using var content = Decompression.Open(archive);
            using var limited = Limited(content, length, request, cancellationToken);
            return Read(limited, import, wanted, strip);
        }
    }

    private static LimitedStream Limited(
        Stream content,
        long packed,
        UnpackRequest request,
        CancellationToken cancellationToken
    )
    {
        var most = request.Limits.BytesOf(packed);
        var ratio = most < request.Limits.Bytes ? $", though it is only {packed} bytes long" : "";
        return new(
            content,
            most,
            $"it unpacks to more than {most} bytes{ratio}; [source.limits] size allows more",
            cancellationToken
        );
    }

    private static bool Matches(Glob glob, string[] path) =>
        path.Length > 0 && (glob.Matches(string.Join('/', path)) || glob.Matches(string.Join('/', path.Skip(1))));

    private static bool Read(LimitedStream unpacked, TreeImport import, WantedPaths filter, bool strip)
    {
        using var buffered = new BufferedStream(unpacked, BufferSize);
        var tar = new TarArchive(buffered);
        string? top = null;
        while (tar.Next() is { } entry)
        {
            var path = EntryPath.Segments(entry.Name);
            if (path.Length == 0)
                continue;
            if (strip)
            {
                top ??= path[0];
                if (
                    !string.Equals(path[0], top, StringComparison.Ordinal)
                    || (path.Length == 1 && entry.Kind != TarKind.Folder)
                )
                    return false;
                path = path[1..];
            }
            // A folder without wanted files is dropped in the end, so its name matters only where all is wanted.
            if (entry.Kind == TarKind.Folder ? !filter.IsAll : !filter.Wants(path))
                continue;
            EntryPath.Check(entry.Name);
            TarEntries.Check(entry);
            unpacked.Count(entry.Holes);
            TarEntries.Add(import, entry, path, entry.Target, () => Linked(entry, top, filter));
        }
        // Checks at the end of the compressed stream only happen when it is read to its end.
        buffered.CopyTo(Stream.Null);
        return true;
    }

    /// <summary>Names in hard links are whole, as those of entries are.</summary>
    private static string[] Linked(TarMember entry, string? top, WantedPaths filter)
    {
        var target = EntryPath.Split(entry.Target);
        target = top is not null && target.Length > 0 && target[0] == top ? target[1..] : target;
        return filter.Wants(target)
            ? target
            : throw new ImportException(
                $"the hard link '{entry.Name}' is one file with '{entry.Target}', which {filter} leaves out; keep or "
                    + "leave out both"
            );
    }
}
