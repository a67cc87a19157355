using System.Collections.Immutable;
using Docker.DotNet;
using Docker.DotNet.Models;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>
/// The folders of one action that are not its root: the mounts of its trees, its output directories and <c>/tmp</c>,
/// each a volume at the daemon. Archives go in and out, so that the daemon may be on another machine.
/// </summary>
internal sealed class DockerVolumes
{
    private const string Temporary = "/tmp";

    private readonly SandboxRequest request;
    private readonly ImmutableArray<(string Path, bool IsWritable)> places;
    private readonly string name;

    /// <param name="request">The action.</param>
    /// <param name="name">Unique at the daemon; the volumes' names begin with it.</param>
    public DockerVolumes(SandboxRequest request, string name)
    {
        (this.request, this.name) = (request, name);
        var all = request
            .Mounts.Select(x => (x.Path, x.IsWritable))
            .Concat(
                request
                    .OutputDirectories.Append(Temporary)
                    .Distinct(StringComparer.Ordinal)
                    .Select(x => (Path: x, IsWritable: true))
            )
            .ToList();
        // A source within a source is in the same volume.
        places =
        [
            .. all.Where(x =>
                request.OutputDirectories.Contains(x.Path)
                || Around(x.Path, all) is not { } outer
                || outer.IsWritable != x.IsWritable
            ),
        ];
    }

    /// <summary>True if there is something to bring before the action can start.</summary>
    public bool HasContent => !request.Mounts.IsEmpty;

    /// <summary>The volumes' names.</summary>
    public IEnumerable<string> Names => places.Select((_, i) => NameOf(i));

    /// <summary>The paths of the volumes that the action writes to.</summary>
    public IEnumerable<string> Writable => places.Where(x => x.IsWritable).Select(x => x.Path);

    /// <summary>What a container has to mount.</summary>
    /// <param name="isFilling">If so, what is read-only for the action is writable.</param>
    /// <param name="labels">Of new volumes.</param>
    public List<Mount> Mounts(bool isFilling, Dictionary<string, string> labels) =>
        [
            .. places.Select(
                (place, i) =>
                    new Mount
                    {
                        Type = "volume",
                        Source = NameOf(i),
                        Target = place.Path,
                        ReadOnly = !isFilling && !place.IsWritable,
                        VolumeOptions = new() { NoCopy = true, Labels = labels },
                    }
            ),
        ];

    /// <summary>Brings the trees of the mounts into their volumes.</summary>
    /// <param name="client">The daemon.</param>
    /// <param name="container">One that was made, and not started, with the mounts for filling.</param>
    /// <param name="archive">Writes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FillAsync(
        DockerClient client,
        string container,
        TreeArchive archive,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<PlacedTree> trees =
        [
            .. request.Mounts.Select(x => new PlacedTree(x.Path.TrimStart('/'), x.Tree)),
        ];
        await using var stream = TreeArchive.Pipe(output => archive.Write(trees, output));
        await client.Containers.ExtractArchiveToContainerAsync(
            container,
            new() { Path = "/" },
            stream,
            cancellationToken
        );
    }

    private string NameOf(int number) => $"{name}-{number}";

    private static (string Path, bool IsWritable)? Around(string path, List<(string Path, bool IsWritable)> all)
    {
        var outer = all.Where(x => path.StartsWith(x.Path + "/", StringComparison.Ordinal)).ToList();
        return outer.Count == 0 ? null : outer.MaxBy(x => x.Path.Length);
    }
}
