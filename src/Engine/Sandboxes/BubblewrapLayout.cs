using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes;

/// <summary>Where the parts of one action lie in its scratch folder.</summary>
internal sealed class BubblewrapLayout(string scratch, SandboxRequest request)
{
    private const string JobServer = "/run/jobserver";

    // Plain folders on the store's disk: builds are larger than memory.
    private ImmutableArray<RootBind> Folders =>
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
    public ImmutableSortedDictionary<string, Digest> TakeOutputs(ContentStore store) =>
        Folders
            .Where(x => request.OutputDirectories.Contains(x.Path))
            .ToImmutableSortedDictionary(x => x.Path, x => store.AddTree(x.Source).Digest, StringComparer.Ordinal);

    /// <summary>Leaves all that the action could write to in a folder, in place of what is there.</summary>
    /// <returns>The folder.</returns>
    public async Task<string> KeepAsync(RootPlan plan, string kept, CancellationToken cancellationToken)
    {
        ScratchDirectory.Delete(kept);
        Directory.CreateDirectory(kept);
        foreach (var (number, mount) in plan.Mounts.Index().Where(x => x.Item.IsWritable))
        {
            var folder = Path.Join(scratch, "mounts", number.ToString("d3", CultureInfo.InvariantCulture));
            await RunAsync(
                "unshare",
                [.. SandboxProcess.SingleUser.Split(' '), "sh", "-c", SandboxScripts.Keep, "sh", folder, kept + mount.Path],
                cancellationToken
            );
        }
        foreach (var folder in Folders)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(kept + folder.Path)!);
            // A mount point in a writable mount has come along as an empty folder.
            if (Directory.Exists(kept + folder.Path))
                Directory.Delete(kept + folder.Path);
            await RunAsync("mv", ["-T", "--", folder.Source, kept + folder.Path], cancellationToken);
        }
        return kept;
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var (status, _, error) = await HostPrograms.RunAsync(program, arguments, cancellationToken);
        if (status != 0)
            throw new EngineException($"The folders of a failed build cannot be kept for a look: {error}");
    }
}
