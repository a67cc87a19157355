using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Processes;

namespace Recipes.Engine.Sandboxes.Roots;

/// <summary>
/// Makes the file system of one sandbox: prepares folders below the scratch folder, which <see cref="SandboxScripts"/>
/// mounts inside of new namespaces. No tree is written to.
/// </summary>
/// <remarks>
/// Each mount has a folder <c>mounts/N</c>. <c>options</c> in it are those of an overlay to be mounted on
/// <c>merged</c>; relative, since mount(2) takes no more than a page, and paths may hold any character. <c>copy-N</c>
/// are links to trees to be copied to <c>merged</c> where the kernel refuses a writable overlay.
/// </remarks>
/// <param name="store">Holds the trees, below <c>trees</c>.</param>
/// <param name="scratch">A scratch folder of the store.</param>
/// <param name="overlay">What the kernel permits.</param>
internal sealed class RootAssembly(string store, string scratch, OverlaySupport overlay)
{
    // As the scripts show it; see SandboxScripts.Cover.
    private const string SeenScratch = "/tmp/scratch";
    private const string SeenTrees = "/tmp/trees";

    // The kernel takes 500 layers, the skeleton among them.
    private const int MaxLayers = 480;

    /// <summary>Prepares the folders.</summary>
    /// <returns>The arguments of bubblewrap that show the plan's file system.</returns>
    /// <exception cref="EngineException">Neither overlays nor hard links are possible.</exception>
    public ImmutableArray<string> Prepare(RootPlan plan)
    {
        var shown = new SortedDictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
        {
            ["/proc"] = [.. ProcFiles.Options],
            ["/dev"] = ["--dev", "/dev"],
        };
        foreach (var (number, mount) in plan.Mounts.Index())
        {
            var folder = Path.Join(scratch, "mounts", number.ToString("d3", CultureInfo.InvariantCulture));
            var source = Prepare(mount, folder, plan.MountPointsIn(mount.Path));
            shown[mount.Path] = [mount.IsWritable ? "--bind" : "--ro-bind", Seen(source), mount.Path];
        }
        foreach (var (number, bind) in plan.Binds.Index())
            shown[bind.Path] = ["--bind", Seen(Prepare(bind, number, plan.MountPointsIn(bind.Path))), bind.Path];
        // Ordinal order puts parents before what is mounted in them.
        return [.. shown.Values.SelectMany(x => x)];
    }

    private string Seen(string path) =>
        path.StartsWith(scratch + "/", StringComparison.Ordinal) ? SeenScratch + path[scratch.Length..]
        : path.StartsWith(Trees + "/", StringComparison.Ordinal) ? SeenTrees + path[Trees.Length..]
        : throw new ArgumentException($"'{path}' is neither a tree nor in the scratch folder.", nameof(path));

    private string Trees => Path.Join(store, "trees");

    // From a folder of the scratch folder's mounts, as the scripts show it.
    private string FromMounts(string tree) => "../../.." + Seen(tree)["/tmp".Length..];

    private string Prepare(RootBind bind, int number, ImmutableArray<MountPoint> points)
    {
        if (bind.Source.StartsWith(scratch + "/", StringComparison.Ordinal))
        {
            MakePoints(bind.Source, points);
            return bind.Source;
        }
        // What lies elsewhere is bound into the scratch folder, before that is all that can be seen.
        var folder = Directory
            .CreateDirectory(Path.Join(scratch, "binds", number.ToString("d3", CultureInfo.InvariantCulture)))
            .FullName;
        var target = Path.Join(folder, "target");
        File.CreateSymbolicLink(Path.Join(folder, "source"), Path.GetFullPath(bind.Source));
        if (bind.IsFile)
            File.WriteAllBytes(target, []);
        else
            Directory.CreateDirectory(target);
        return target;
    }

    private string Prepare(RootMount mount, string folder, ImmutableArray<MountPoint> points)
    {
        var layers = mount.Layers.Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (!mount.IsWritable && layers.Length == 1 && points.All(x => !x.IsFile && IsFolder(layers[0], x.Path)))
            return layers[0];

        var merged = Directory.CreateDirectory(Path.Join(folder, "merged")).FullName;
        var canOverlay = mount.IsWritable ? overlay.IsWritablePossible : overlay.IsReadOnlyPossible;
        if (canOverlay && layers.Length <= MaxLayers)
        {
            PrepareOverlay(folder, layers, points, mount.IsWritable);
        }
        else if (mount.IsWritable)
        {
            // The first layer wins, so it is copied last.
            foreach (var (number, layer) in layers.Reverse().Index())
                File.CreateSymbolicLink(
                    Path.Join(folder, string.Create(CultureInfo.InvariantCulture, $"copy-{number:d3}")),
                    FromMounts(layer)
                );
            MakePoints(merged, points);
        }
        else
        {
            foreach (var layer in layers)
                HardLinks.Merge(layer, merged);
            MakePoints(merged, points);
        }
        return merged;
    }

    private void PrepareOverlay(
        string folder,
        ImmutableArray<string> layers,
        ImmutableArray<MountPoint> points,
        bool isWritable
    )
    {
        // The root is read-only, so the mount points have to come with a layer of their own.
        var own = Directory.CreateDirectory(Path.Join(folder, isWritable ? "upper" : "skeleton")).FullName;
        MakePoints(own, points);
        var lower = new List<string>();
        foreach (var (number, layer) in layers.Index())
        {
            var name = number.ToString(CultureInfo.InvariantCulture);
            File.CreateSymbolicLink(Path.Join(folder, name), FromMounts(layer));
            lower.Add(name);
        }
        if (isWritable)
            Directory.CreateDirectory(Path.Join(folder, "work"));
        else
            lower.Insert(0, "skeleton");
        var options =
            $"userxattr,lowerdir={string.Join(':', lower)}" + (isWritable ? ",upperdir=upper,workdir=work" : "");
        File.WriteAllText(Path.Join(folder, "options"), options + "\n");
    }

    private static bool IsFolder(string layer, string path)
    {
        var current = layer;
        return path.Split('/').All(x => Posix.Stat(current = Path.Join(current, x))?.Kind == FileKind.Folder);
    }

    /// <summary>Makes empty folders and files, all with the one mtime and mode that trees have.</summary>
    private static void MakePoints(string root, IEnumerable<MountPoint> points)
    {
        var made = new SortedSet<string>(StringComparer.Ordinal) { root };
        foreach (var (path, isFile) in points)
        {
            for (var i = path.IndexOf('/', StringComparison.Ordinal); i > 0; i = path.IndexOf('/', i + 1))
                made.Add(Path.Join(root, path[..i]));
            made.Add(Path.Join(root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(root, path))!);
            if (isFile)
                File.WriteAllBytes(Path.Join(root, path), []);
            else
                Directory.CreateDirectory(Path.Join(root, path));
        }
        foreach (var path in made.Reverse())
        {
            File.SetUnixFileMode(path, FileStamp.ModeOf(Directory.Exists(path)));
            Posix.SetTimes(path, FileStamp.Seconds);
        }
    }
}
