using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>
/// Unpacks a folder that a daemon sends as a tar archive, in which the folder's own name comes first. Nothing in it can
/// lead out of the target, and an archive that ends too early is an error.
/// </summary>
/// <param name="target">An empty folder.</param>
/// <param name="shown">The folder's path in the container.</param>
internal sealed class ArchiveUnpacker(string target, string shown)
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Permissions = (UnixFileMode)0x1ff;

    private readonly HashSet<string> folders = new(StringComparer.Ordinal) { "" };

    /// <summary>If set, devices, sockets and fifos are left out; else they are an error.</summary>
    public bool LeavesOutSpecial { get; init; }

    /// <summary>Reads the archive to its end.</summary>
    /// <exception cref="EngineException">It holds what no tree can hold.</exception>
    /// <exception cref="IOException">It is incomplete.</exception>
    public async Task UnpackAsync(Stream archive, CancellationToken cancellationToken)
    {
        await using var watched = new TarEndStream(archive);
        var reader = new TarArchive(watched);
        try
        {
            while (await reader.NextAsync(cancellationToken) is { } entry)
                await AddAsync(entry, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new IOException($"the archive of {shown} is incomplete or damaged: {e.Message}", e);
        }
        // What the daemon cannot read any more it leaves out without a word, but then there is no end mark.
        await watched.CopyToAsync(Stream.Null, cancellationToken);
        if (!watched.HasEnded)
            throw new IOException($"the archive of {shown} is incomplete");
    }

    private async Task AddAsync(TarMember entry, CancellationToken cancellationToken)
    {
        if (RelativePath(entry.Name) is not { Length: > 0 } path)
            return;
        var full = Path.Join(target, path);
        switch (entry.Kind)
        {
            case TarKind.Folder:
                if (folders.Add(path))
                    Directory.CreateDirectory(full);
                File.SetUnixFileMode(full, (entry.Mode & Permissions) | Own | UnixFileMode.UserExecute);
                break;
            case TarKind.File:
                await using (
                    var file = new FileStream(full, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16)
                )
                {
                    await entry.Content.CopyToAsync(file, cancellationToken);
                }
                File.SetUnixFileMode(full, (entry.Mode & Permissions) | Own);
                break;
            case TarKind.Link:
                File.CreateSymbolicLink(full, Utf8(entry.Target));
                break;
            case TarKind.HardLink:
                Copy(Path.Join(target, RelativePath(entry.Target)), full);
                break;
            case TarKind.Unreadable:
                throw new IOException($"the archive of {shown} holds '{path}', {entry.Fault}");
            default:
                if (!LeavesOutSpecial)
                    throw new EngineException($"'{shown}/{path}' is a device, socket or fifo, which no tree can hold.");
                break;
        }
    }

    // A tree has no hard links: each name is a file, or a link that has other names too.
    private static void Copy(string source, string full)
    {
        if (new FileInfo(source).LinkTarget is { } link)
            File.CreateSymbolicLink(full, link);
        else
            File.Copy(source, full);
    }

    // Only what was made here before counts as a folder, so that no link is followed.
    private string RelativePath(string name)
    {
        var parts = Utf8(name).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var path = string.Join('/', parts.Skip(1));
        if (parts.Contains("..") || parts.Contains(".") || !folders.Contains(Path.GetDirectoryName(path) ?? ""))
            throw new IOException($"the archive of {shown} holds '{name}', which is not within it");
        return path;
    }

    private static string Utf8(string name) =>
        name.Contains('\ufffd', StringComparison.Ordinal)
            ? throw new EngineException($"The name '{name}' is not UTF-8, which no tree can hold.")
            : name;
}
