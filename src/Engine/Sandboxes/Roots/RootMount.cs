using System.Collections.Immutable;

namespace Recipes.Engine.Sandboxes.Roots;

/// <summary>Trees laid over each other at one path of a sandbox.</summary>
/// <param name="Path">Absolute; <c>/</c> for the root itself.</param>
/// <param name="Layers">Plain directories; where they disagree, the first one wins.</param>
/// <param name="IsWritable">If so, writes go to the scratch folder.</param>
internal sealed record RootMount(string Path, ImmutableArray<string> Layers, bool IsWritable);

/// <summary>Something of the host's that a sandbox sees as it is, and may write to.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Source">A directory, or a file or fifo.</param>
/// <param name="IsFile">True for a file or fifo.</param>
internal sealed record RootBind(string Path, string Source, bool IsFile);

/// <summary>The file system of one sandbox, as data; <see cref="RootAssembly"/> makes it.</summary>
/// <param name="Mounts">The root first.</param>
/// <param name="Binds">Writable folders and files.</param>
internal sealed record RootPlan(ImmutableArray<RootMount> Mounts, ImmutableArray<RootBind> Binds)
{
    private static readonly ImmutableArray<string> Special = ["/proc", "/dev"];

    /// <summary>Every path at which something is mounted, but the root.</summary>
    private IEnumerable<MountPoint> MountPoints =>
        Mounts
            .Where(x => x.Path != "/")
            .Select(x => new MountPoint(x.Path, false))
            .Concat(Binds.Select(x => new MountPoint(x.Path, x.IsFile)))
            .Concat(Special.Select(x => new MountPoint(x, false)));

    /// <summary>The mount points that lie directly in what is mounted at a path, relative to it.</summary>
    public ImmutableArray<MountPoint> MountPointsIn(string path)
    {
        var points = MountPoints.ToList();
        return
        [
            .. points
                .Where(x => x.Path != path && ParentOf(x.Path, points) == path)
                .Select(x => x with { Path = x.Path[(path == "/" ? 1 : path.Length + 1)..] }),
        ];
    }

    private static string ParentOf(string path, List<MountPoint> points) =>
        points.Select(x => x.Path).Where(x => path.StartsWith(x + "/", StringComparison.Ordinal)).MaxBy(x => x.Length)
        ?? "/";
}

/// <summary>A place at which something is mounted.</summary>
/// <param name="Path">Absolute, or relative to what it lies in.</param>
/// <param name="IsFile">True if a file or fifo is mounted there.</param>
internal readonly record struct MountPoint(string Path, bool IsFile);
