using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Ports;
using Recipes.Engine.Sandboxes.Processes;
using Recipes.Engine.Sandboxes.Roots;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>Where the parts of a running image lie in its scratch folder.</summary>
internal sealed class ImageLayout(string scratch, ImageRunRequest request, UserMapping users)
{
    /// <summary>True if bubblewrap itself has to run as the user that the image starts as.</summary>
    private bool IsSwitched => users.HasManyUsers && (request.Uid != 0 || request.Gid != 0);

    /// <summary>How many user namespaces bubblewrap makes.</summary>
    public int UserNamespaces => users.HasManyUsers && !IsSwitched ? 0 : SandboxProcess.NamespacesOf(request.Uid);

    /// <summary>The user to run bubblewrap as; null for root.</summary>
    public (int Uid, int Gid)? User => IsSwitched ? (request.Uid, request.Gid) : null;

    /// <summary>Prepares the scratch folder.</summary>
    /// <returns>The options of bubblewrap.</returns>
    public ImmutableArray<string> Prepare(ContentStore store, OverlaySupport overlay)
    {
        // The image's user has to get through it, to the root; in the store nobody else comes here.
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(scratch, mode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        foreach (var (number, bind) in request.Binds.Index())
            PrepareBind(bind, number);
        var plan = new RootPlan(
            [new("/", [.. request.Root.Select(store.TreePath)], true)],
            [.. request.Binds.Select(x => new RootBind(x.Path, x.Source, false))]
        );
        var shown = new RootAssembly(store.Root, scratch, overlay).Prepare(plan);
        File.WriteAllText(Path.Join(scratch, "owners"), OwnerLines(request.Owners));
        File.WriteAllText(Path.Join(scratch, "users"), users.HasManyUsers ? "many\n" : "one\n");
        File.WriteAllText(Path.Join(scratch, "prepare"), ImageScripts.Prepare);
        if (!request.Forwards.IsEmpty)
        {
            var forwarder = new PortForwarder(request.Forwards);
            File.WriteAllText(
                Path.Join(scratch, PortForwarder.OptionsFile),
                string.Join(' ', forwarder.Options) + "\n"
            );
            File.WriteAllText(Path.Join(scratch, "network"), ImageScripts.Network);
        }
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
            // One whose ports are forwarded is made before bubblewrap starts.
            .. request.SharesNetwork || !request.Forwards.IsEmpty ? Array.Empty<string>() : ["--unshare-net"],
            .. users.HasManyUsers && !IsSwitched ? [] : user,
            "--die-with-parent",
            "--as-pid-1",
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

    private void PrepareBind(ImageBind bind, int number)
    {
        Directory.CreateDirectory(bind.Source);
        var folder = Path.Join(scratch, "binds", number.ToString("d3", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        if (request.Owners.LastOrDefault(x => x.Path == bind.Path) is { } owner)
            File.WriteAllText(Path.Join(folder, "owner"), OwnerLines([owner]));
        if (users.Owner is not { } range)
            return;
        // Root outside is nobody inside: what the image is to write to has to belong to one of its users.
        var there = Posix.OwnerOf(bind.Source);
        if (there >= range.First && there - range.First < range.Count)
            return;
        if (Directory.EnumerateFileSystemEntries(bind.Source).Any())
            throw new EngineException(ForeignFolder(bind.Source, there, range.First));
        Posix.SetOwner(bind.Source, range.First);
    }

    private string ForeignFolder(string folder, uint there, uint first) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{folder}' belongs to user {there} of this machine, who is nobody in {request.Label}: its user n is "
                + $"{first} + n outside. Name an empty or a new folder, or give this one to the image's user: chown "
                + $"-R $(({first} + n)) '{folder}'"
        );

    private static string OwnerLines(ImmutableArray<FileOwner> owners)
    {
        var lines = new StringBuilder();
        foreach (var (path, mode, uid, gid) in owners)
        {
            if (!path.StartsWith('/') || path.Split('/').Contains("..") || path.Any(char.IsControl))
                throw new EngineException(
                    $"The image declares an owner for '{path}', which is not a plain absolute path."
                );
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{(mode is { } bits ? Convert.ToString(bits, 8) : "-")} {uid} {gid} {path}\n"
            );
        }
        return lines.ToString();
    }
}
