using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Processes;
using Recipes.Engine.Sandboxes.Roots;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>
/// What a failed action could write to, taken into a folder for inspection. The build has had its way with all names
/// below its mounts, so no name of its making is followed: each mount is copied into a new folder inside of the
/// namespaces, and the copies are then joined component by component.
/// </summary>
/// <param name="sandbox">Of the failed action; its mounts are still prepared.</param>
/// <param name="kept">Where to, in place of what is there.</param>
internal sealed class KeptFolders(SandboxProcess sandbox, string kept)
{
    /// <summary>Takes them.</summary>
    /// <param name="plan">The file system of the action.</param>
    /// <param name="folders">Its plain folders.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="EngineException">They cannot be copied.</exception>
    public async Task<string> TakeAsync(
        RootPlan plan,
        ImmutableArray<RootBind> folders,
        CancellationToken cancellationToken
    )
    {
        ScratchDirectory.Delete(kept);
        Directory.CreateDirectory(kept);
        File.SetUnixFileMode(kept, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Parents first, so that what was mounted in another one replaces its mount point there.
        var mounts = plan
            .Mounts.Index()
            .Where(x => x.Item.IsWritable)
            .ToDictionary(x => x.Item.Path, x => NumberOf(x.Index), StringComparer.Ordinal);
        await CopyAsync([.. mounts.Values], cancellationToken);
        var copies = mounts.Select(x => (Path: x.Key, Source: Path.Join(sandbox.Scratch, "mounts", x.Value, "kept")));
        foreach (
            var (path, source) in copies
                .Concat(folders.Select(x => (x.Path, x.Source)))
                .OrderBy(x => x.Path, StringComparer.Ordinal)
        )
            Join(source, path);
        return kept;
    }

    private static string NumberOf(int index) => index.ToString("d3", CultureInfo.InvariantCulture);

    private async Task CopyAsync(ImmutableArray<string> numbers, CancellationToken cancellationToken)
    {
        if (numbers.IsEmpty)
            return;
        using var lifeline = new Lifeline(sandbox.Scratch);
        var (status, _, error) = await HostPrograms.RunAsync(
            "sh",
            sandbox.Script(SandboxScripts.Keep, numbers),
            cancellationToken
        );
        if (status != 0)
            throw new EngineException($"The folders of a failed build cannot be left for inspection: {error}");
    }

    /// <summary>Moves a folder to a path below the kept one. A link on the way is the build's, and makes way.</summary>
    private void Join(string source, string path)
    {
        var parents = new List<string> { kept };
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipLast(1))
        {
            var parent = Path.Join(parents[^1], name);
            OnceWritable([parents[^1]], () => MakeFolder(parent));
            parents.Add(parent);
        }
        var target = kept + path;
        OnceWritable([parents[^1], source], () =>
        {
            MakeFolder(target);
            ScratchDirectory.Delete(target);
            var error = Posix.TryRename(source, target);
            if (error != 0)
                throw Posix.Failure("move a folder of a failed build to", target, error);
        });
    }

    private static void MakeFolder(string path)
    {
        if (Posix.Stat(path) is { Kind: not FileKind.Folder })
            File.Delete(path);
        Directory.CreateDirectory(path);
    }

    // A build may have left folders that their owner cannot write to; moving one writes to it as well.
    private static void OnceWritable(string[] folders, Action change)
    {
        const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var folder in folders)
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | all);
        change();
    }
}
