using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sandboxes;

/// <summary>Where the parts of a running image lie in its scratch folder.</summary>
internal sealed class ImageLayout(string scratch, ImageRunRequest request, UserMapping users)
{
    // Every user may enter /tmp, but not the folders above the store; the namespaces have a /tmp of their own to cover.
    private const string Cover = "/tmp";

    /// <summary>True if bubblewrap itself has to run as the user that the image starts as.</summary>
    private bool IsSwitched => users.HasManyUsers && (request.Uid != 0 || request.Gid != 0);

    /// <summary>Words before bubblewrap's.</summary>
    public string Launcher =>
        IsSwitched
            ? string.Create(CultureInfo.InvariantCulture, $"setpriv --reuid {request.Uid} --regid {request.Gid} --clear-groups")
            : "";

    /// <summary>Prepares the scratch folder.</summary>
    /// <returns>The options of bubblewrap.</returns>
    public ImmutableArray<string> Prepare(ContentStore store, OverlaySupport overlay)
    {
        File.SetUnixFileMode(scratch, FileStamp.ModeOf(isExecutable: true));
        var binds = request.Binds.Select(PrepareBind).ToImmutableArray();
        var plan = new RootPlan([new("/", [.. request.Root.Select(store.TreePath)], true)], binds);
        var assembly = new RootAssembly(scratch, overlay) { SeenAt = IsSwitched ? Cover : null };
        var shown = assembly.Prepare(plan);
        File.WriteAllText(Path.Join(scratch, "owners"), OwnerLines(request.Owners));
        File.WriteAllText(Path.Join(scratch, "users"), users.HasManyUsers ? "many\n" : "one\n");
        File.WriteAllText(Path.Join(scratch, "cover"), IsSwitched ? Cover + "\n" : "\n");
        File.WriteAllText(Path.Join(scratch, "prepare"), ImageScripts.Prepare);
        return [.. Options(), .. shown];
    }

    private IEnumerable<string> Options()
    {
        string[] user = [.. Numbers("--unshare-user", "--uid", request.Uid, "--gid", request.Gid)];
        return
        [
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-uts",
            "--unshare-cgroup-try",
            .. request.SharesNetwork ? Array.Empty<string>() : ["--unshare-net"],
            .. users.HasManyUsers && !IsSwitched ? [] : user,
            "--die-with-parent",
            "--hostname",
            request.Label,
            "--cap-drop",
            "ALL",
            .. IsSwitched ? [] : SandboxProcess.Capabilities.SelectMany(x => new[] { "--cap-add", x }),
            "--clearenv",
            .. request.Environment.SelectMany(x => new[] { "--setenv", x.Key, x.Value }),
            "--chdir",
            request.WorkingDirectory,
        ];
    }

    private static IEnumerable<string> Numbers(params object[] words) =>
        words.Select(x => Convert.ToString(x, CultureInfo.InvariantCulture)!);

    private RootBind PrepareBind(ImageBind bind, int number)
    {
        Directory.CreateDirectory(bind.Source);
        var folder = Path.Join(scratch, "binds", number.ToString("d3", CultureInfo.InvariantCulture));
        var target = Directory.CreateDirectory(Path.Join(folder, "target")).FullName;
        File.CreateSymbolicLink(Path.Join(folder, "source"), Path.GetFullPath(bind.Source));
        if (request.Owners.LastOrDefault(x => x.Path == bind.Path) is { } owner)
            File.WriteAllText(Path.Join(folder, "owner"), OwnerLines([owner]));
        return new(bind.Path, target, false);
    }

    private static string OwnerLines(ImmutableArray<FileOwner> owners)
    {
        var lines = new StringBuilder();
        foreach (var (path, mode, uid, gid) in owners)
        {
            if (!path.StartsWith('/') || path.Split('/').Contains("..") || path.Any(char.IsControl))
                throw new EngineException($"The image declares an owner for '{path}', which is no plain absolute path.");
            lines.Append(CultureInfo.InvariantCulture, $"{(mode is { } bits ? Convert.ToString(bits, 8) : "-")} {uid} {gid} {path}\n");
        }
        return lines.ToString();
    }
}
