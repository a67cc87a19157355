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

    /// <summary>
    /// Unpacks an archive, and further ones of the same source, into an empty folder. After a failure the folder holds
    /// rubbish.
    /// </summary>
    /// <exception cref="EngineException">
    /// An archive is damaged, is not a tar archive, or holds something that is refused: the message names the entry.
    /// </exception>
    public static ImportedTree Unpack(UnpackRequest request, CancellationToken cancellationToken)
    {
        ArchivePart[] parts =
        [
            new(request.Label, request.Archive, []) { Inner = request.Inner },
            .. request.Further.Select(x => new ArchivePart(x.Label, x.Archive, EntryPath.Segments(x.Into))),
        ];
        var label = request.Label;
        try
        {
            ImportedTree? tree;
            // Whether an archive has a single top folder is known once something beside it was read.
            while ((tree = Unpack(request, parts, ref label, cancellationToken)) is null)
            {
                Directory.Delete(request.Destination, recursive: true);
                Directory.CreateDirectory(request.Destination);
            }
            return tree;
        }
        catch (ImportException e)
        {
            throw new EngineException($"Cannot import '{label}': {e.Advice}. Nothing was imported.", e);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new EngineException(
                $"Cannot import '{label}': it is damaged, or no tar archive ({e.Message.TrimEnd('.')}). "
                    + $"Nothing was imported.",
                e
            );
        }
        catch (IOException e)
        {
            throw new EngineException($"Cannot unpack '{label}' into '{request.Destination}': {e.Message}", e);
        }
    }

    /// <summary>
    /// Null if the top folder of an archive was to be stripped, and there is more than one entry at its top; that
    /// archive is then marked.
    /// </summary>
    private static ImportedTree? Unpack(
        UnpackRequest request,
        ArchivePart[] parts,
        ref string label,
        CancellationToken cancellationToken
    )
    {
        using var import = new TreeImport(request.Destination, request.Limits) { LaterWins = true };
        var wanted = new WantedPaths(request.Only, request.Except);
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            label = part.Label;
            EntryPath.Check(string.Join('/', part.Into));
            if (i > 0 && !import.IsEmpty(part.Into))
                throw new ImportException($"'{string.Join('/', part.Into)}' is in '{parts[0].Label}' already");
            if (!Read(request, part, import, wanted, cancellationToken))
            {
                parts[i] = part with { IsStripped = false };
                return null;
            }
            if (import.IsEmpty(part.Into))
                throw new ImportException(wanted.IsAll ? "it holds no files" : $"no file in it matches {wanted}");
        }
        return import.Finish();
    }

    private static bool Read(
        UnpackRequest request,
        ArchivePart part,
        TreeImport import,
        WantedPaths wanted,
        CancellationToken cancellationToken
    )
    {
        using var file = new FileStream(part.Archive, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
        using var content = Decompression.Open(file);
        using var limited = Limited(content, file.Length, request, cancellationToken);
        return part.Inner is null
            ? Read(limited, import, part, wanted)
            : ReadInner(limited, import, request, part, wanted, cancellationToken);
    }

    /// <summary>
    /// Finds the one entry that the glob names, with or without the top folder, and reads it as an archive.
    /// </summary>
    private static bool ReadInner(
        Stream outer,
        TreeImport import,
        UnpackRequest request,
        ArchivePart part,
        WantedPaths wanted,
        CancellationToken cancellationToken
    )
    {
        var glob = Glob.Parse(part.Inner!);
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
            return Read(limited, import, part, wanted);
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

    private static bool Read(LimitedStream unpacked, TreeImport import, ArchivePart part, WantedPaths filter)
    {
        using var buffered = new BufferedStream(unpacked, BufferSize);
        var tar = new TarArchive(buffered);
        string? top = null;
        while (tar.Next() is { } entry)
        {
            var path = EntryPath.Segments(entry.Name);
            if (path.Length == 0)
                continue;
            if (part.IsStripped)
            {
                top ??= path[0];
                if (
                    !string.Equals(path[0], top, StringComparison.Ordinal)
                    || (path.Length == 1 && entry.Kind != TarKind.Folder)
                )
                    return false;
                path = path[1..];
            }
            path = [.. part.Into, .. path];
            // A folder without wanted files is dropped in the end, so its name matters only where all is wanted.
            if (entry.Kind == TarKind.Folder ? !filter.IsAll : !filter.Wants(path))
                continue;
            EntryPath.Check(entry.Name);
            TarEntries.Check(entry);
            unpacked.Count(entry.Holes);
            TarEntries.Add(import, entry, path, entry.Target, () => Linked(entry, top, part, filter));
        }
        // Checks at the end of the compressed stream only happen when it is read to its end.
        buffered.CopyTo(Stream.Null);
        return true;
    }

    /// <summary>Names in hard links are whole, as those of entries are.</summary>
    private static string[] Linked(TarMember entry, string? top, ArchivePart part, WantedPaths filter)
    {
        var target = EntryPath.Split(entry.Target);
        target = top is not null && target.Length > 0 && target[0] == top ? target[1..] : target;
        target = [.. part.Into, .. target];
        return filter.Wants(target)
            ? target
            : throw new ImportException(
                $"the hard link '{entry.Name}' is one file with '{entry.Target}', which {filter} leaves out; keep or "
                    + "leave out both"
            );
    }

    /// <summary>One of the archives.</summary>
    /// <param name="Label">For messages.</param>
    /// <param name="Archive">Its path.</param>
    /// <param name="Into">The folder that it is laid into; empty for the root.</param>
    private sealed record ArchivePart(string Label, string Archive, string[] Into)
    {
        public string? Inner { get; init; }

        /// <summary>False once it is known that there is more than one entry at its top.</summary>
        public bool IsStripped { get; init; } = true;
    }
}
