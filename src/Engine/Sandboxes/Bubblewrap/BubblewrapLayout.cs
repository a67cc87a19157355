using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Roots;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>Where the parts of one action lie in its scratch folder.</summary>
internal sealed class BubblewrapLayout(string scratch, SandboxRequest request)
{
    private const string JobServer = "/run/jobserver";

    /// <summary>
    /// The folders it writes to; plain ones on the store's disk, since builds are larger than memory.
    /// </summary>
    public ImmutableArray<RootBind> Folders =>
        [
            .. request
                .OutputDirectories.Append("/tmp")
                .Distinct(StringComparer.Ordinal)
                .Select((path, i) => new RootBind(path, FolderOf(path, i), false)),
        ];

    /// <summary>The file system of the action; makes its writable folders.</summary>
    public RootPlan Plan(ContentStore store)
    {
        foreach (var folder in Folders)
        {
            Directory.CreateDirectory(folder.Source);
            File.SetUnixFileMode(folder.Source, FileStamp.ModeOf(isExecutable: true));
        }
        var isKept = request.Mounts.ToLookup(x => x.IsWritable && request.KeptFolder is not null);
        var mounts = isKept[false].Select(x => new RootMount(x.Path, [store.TreePath(x.Tree)], x.IsWritable));
        var binds = request.JobServer is { } fifo ? Folders.Add(new(JobServer, fifo, true)) : Folders;
        // What is mounted in another one was kept as a part of that.
        foreach (var path in isKept[true].Select(x => x.Path))
        {
            if (!isKept[true].Any(x => path.StartsWith(x.Path + "/", StringComparison.Ordinal)))
                binds = binds.Add(new(path, request.KeptFolder + path, false));
        }
        return new([new("/", [.. request.Root.Select(store.TreePath)], false), .. mounts], binds);
    }

    private string FolderOf(string path, int number) =>
        request.KeptFolder is { } kept
            ? kept + path
            : Path.Join(scratch, string.Create(CultureInfo.InvariantCulture, $"folder-{number}"));

    /// <summary>Takes the output directories into the store.</summary>
    public ImmutableSortedDictionary<string, Digest> TakeOutputs(
        ContentStore store,
        CancellationToken cancellationToken
    ) =>
        Folders
            .Where(x => request.OutputDirectories.Contains(x.Path))
            .ToImmutableSortedDictionary(
                x => x.Path,
                x => store.AddTree(x.Source, cancellationToken).Digest,
                StringComparer.Ordinal
            );
}
