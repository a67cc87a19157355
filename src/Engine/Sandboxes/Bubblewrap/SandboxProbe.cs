using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Processes;
using Recipes.Engine.Sandboxes.Roots;

namespace Recipes.Engine.Sandboxes.Bubblewrap;

/// <summary>What this host offers for sandboxes, found out by trying.</summary>
/// <param name="Checks">In the order in which a person would fix them.</param>
internal sealed record SandboxProbe(ImmutableArray<HostCheck> Checks)
{
    internal const string OverlayName = "overlay";
    internal const string WritableOverlayName = "writable overlay";
    internal const string SignalsName = "signals";

    private static readonly ImmutableArray<string> UtilLinux =
    [
        "unshare",
        "mount",
        "setpriv",
        "flock",
        "prlimit",
        "setarch",
        "setsid",
        "taskset",
    ];

    private static readonly ImmutableArray<string> ProbeFolders = ["0", "1", "upper", "work", "merged"];

    /// <summary>True if bubblewrap sandboxes work here.</summary>
    public bool IsUsable => Checks.All(x => x.Passed || !x.IsRequired);

    /// <summary>How bubblewrap is started.</summary>
    internal Launcher Launcher => new(Passed(SignalsName));

    internal OverlaySupport Overlay => new(Passed(OverlayName), Passed(WritableOverlayName));

    /// <summary>Tries the host.</summary>
    /// <param name="store">Overlays are tried on its file system.</param>
    /// <param name="cancellationToken">Ends the trial.</param>
    public static async Task<SandboxProbe> RunAsync(ContentStore store, CancellationToken cancellationToken)
    {
        var checks = ImmutableArray.CreateBuilder<HostCheck>();
        checks.Add(await ProbeBubblewrapAsync(cancellationToken));
        checks.Add(ProbeUtilLinux());
        if (checks.All(x => x.Passed))
        {
            checks.Add(await ProbeUserNamespacesAsync(cancellationToken));
            if (checks.All(x => x.Passed))
            {
                checks.Add(await ProbeSignalsAsync(cancellationToken));
                checks.Add(await ProbeSandboxAsync(store, new(checks[^1].Passed), cancellationToken));
                checks.Add(await ProbeOverlayAsync(store, isWritable: false, cancellationToken));
                checks.Add(await ProbeOverlayAsync(store, isWritable: true, cancellationToken));
            }
        }
        return new(checks.ToImmutable());
    }

    /// <summary>What is missing first, and how to fix it; null if nothing is.</summary>
    internal MessageText? Complaint =>
        Checks.FirstOrDefault(x => !x.Passed && x.IsRequired) is { } missing
            ? (MessageText)$"No sandbox can be made: {missing.Name}: {missing.Detail}. To fix it: {missing.Fix}"
            : null;

    /// <exception cref="EngineException">Something required is missing: says what, and how to fix it.</exception>
    internal void Require()
    {
        if (Complaint is { } complaint)
            throw new EngineException(complaint);
    }

    private bool Passed(string name) => Checks.Any(x => x.Name == name && x.Passed);

    private static async Task<HostCheck> ProbeBubblewrapAsync(CancellationToken cancellationToken)
    {
        const string fix = "apt-get install bubblewrap";
        var (status, output, error) = await HostPrograms.RunAsync("bwrap", ["--version"], cancellationToken);
        return status == 0
            ? new("bubblewrap", true, true, output.Replace("bubblewrap ", "", StringComparison.Ordinal), null)
            : new("bubblewrap", false, true, OneLine(error), fix);
    }

    private static HostCheck ProbeUtilLinux()
    {
        var missing = UtilLinux.Where(x => HostPrograms.Find(x) is null).ToList();
        return missing.Count == 0
            ? new("util-linux", true, true, string.Join(", ", UtilLinux), null)
            : new(
                "util-linux",
                false,
                true,
                $"{string.Join(", ", missing)}: not found",
                "apt-get install util-linux mount"
            );
    }

    private static async Task<HostCheck> ProbeUserNamespacesAsync(CancellationToken cancellationToken)
    {
        var (status, _, error) = await HostPrograms.RunAsync(
            "unshare",
            ["--user", "--map-root-user", "--mount", "true"],
            cancellationToken
        );
        return status == 0
            ? new("user namespaces", true, true, "allowed", null)
            : new("user namespaces", false, true, OneLine(error), NamespaceFix());
    }

    // Each of these switches exists only where a kernel or distribution has it.
    private static string NamespaceFix()
    {
        (string Name, string Value)[] switches =
        [
            ("kernel.apparmor_restrict_unprivileged_userns", "0"),
            ("kernel.unprivileged_userns_clone", "1"),
            ("user.max_user_namespaces", "15000"),
        ];
        foreach (var (name, value) in switches)
        {
            var file = "/proc/sys/" + name.Replace('.', '/');
            if (File.Exists(file) && (File.ReadAllText(file).Trim() == "0") != (value == "0"))
                return $"sysctl -w {name}={value}";
        }
        return "allow user namespaces (in a container: run it with --security-opt seccomp=unconfined, or --privileged)";
    }

    private static async Task<HostCheck> ProbeSignalsAsync(CancellationToken cancellationToken)
    {
        var (status, _, error) = await HostPrograms.RunAsync("env", ["--default-signal", "true"], cancellationToken);
        return status == 0
            ? new(SignalsName, true, false, "reset by env", null)
            : new(
                SignalsName,
                false,
                false,
                $"ignored signals of the caller stay ignored in builds ({OneLine(error)})",
                "apt-get install coreutils"
            );
    }

    // The very chain of programs that builds run in.
    private static async Task<HostCheck> ProbeSandboxAsync(
        ContentStore store,
        Launcher launcher,
        CancellationToken cancellationToken
    )
    {
        using var scratch = store.CreateScratch("probe");
        var process = new SandboxProcess(scratch.Path, store.Root, UserMapping.Single(store.Owner))
        {
            Launcher = launcher,
        };
        string[] options =
        [
            "--unshare-all",
            "--die-with-parent",
            "--ro-bind",
            "/",
            "/",
            .. ProcFiles.Options,
            "--dev",
            "/dev",
        ];
        using var lifeline = new Lifeline(scratch.Path);
        var (status, output, error) = await HostPrograms.RunAsync(
            "sh",
            process.Prepare(options, ["true"]),
            cancellationToken
        );
        return status == 0
            ? new("sandbox", true, true, "starts", null)
            : new(
                "sandbox",
                false,
                true,
                OneLine(error + output),
                "in a container: run it with --privileged, or unmask /proc (--security-opt systempaths=unconfined)"
            );
    }

    private static async Task<HostCheck> ProbeOverlayAsync(
        ContentStore store,
        bool isWritable,
        CancellationToken cancellationToken
    )
    {
        using var scratch = store.CreateScratch("probe");
        foreach (var name in ProbeFolders)
            Directory.CreateDirectory(Path.Join(scratch.Path, name));
        await File.WriteAllTextAsync(Path.Join(scratch.Path, "0", "file"), "", cancellationToken);
        var options = "userxattr,lowerdir=0:1" + (isWritable ? ",upperdir=upper,workdir=work" : "");
        // What is written through an overlay needs a copy of the file, which not every file system can make.
        var script =
            "cd \"$0\" && LIBMOUNT_FORCE_MOUNT2=always mount -t overlay -o \"$1\" overlay merged"
            + (isWritable ? " && echo x > merged/file && rm merged/file" : "");
        var (status, _, error) = await HostPrograms.RunAsync(
            "unshare",
            ["--user", "--map-root-user", "--mount", "sh", "-c", script, scratch.Path, options],
            cancellationToken
        );
        return status == 0
            ? new(isWritable ? WritableOverlayName : OverlayName, true, false, "works in a user namespace", null)
            : new(
                isWritable ? WritableOverlayName : OverlayName,
                false,
                false,
                $"refused ({OneLine(error)}); "
                    + $"{(isWritable ? "sources are copied" : "roots are made of hard links")} instead, which is "
                    + $"slower",
                "use Linux 5.11 or later and a store on ext4, xfs or btrfs (modprobe overlay)"
            );
    }

    private static string OneLine(string text) =>
        text.Length == 0 ? "failed without a message" : text.ReplaceLineEndings("; ");
}
