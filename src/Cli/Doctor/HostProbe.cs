using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Cli.Output;

namespace Recipes.Cli.Doctor;

/// <summary>Looks at what the engine needs of a host.</summary>
/// <param name="storeRoot">Where the store is or will be.</param>
/// <param name="path">The <c>PATH</c> in which programs are looked for.</param>
internal sealed class HostProbe(string storeRoot, string path)
{
    private const long WantedDisk = 25_000_000_000;
    private const long NeededDisk = 5_000_000_000;
    private const long WantedMemory = 4_000_000_000;

    // Program, package, what it is for.
    private static readonly ImmutableArray<(string Program, string Package, string Purpose)> Programs =
    [
        ("bwrap", "bubblewrap", "runs the builds"),
        ("git", "git", "names and imports sources"),
        ("tar", "tar", "unpacks archives"),
        ("xz", "xz-utils", "unpacks .tar.xz"),
        ("bzip2", "bzip2", "unpacks .tar.bz2"),
        ("unshare", "util-linux", "assembles roots for plain users"),
    ];

    /// <summary>Runs every check.</summary>
    public async Task<HostReport> RunAsync(CancellationToken cancellationToken)
    {
        var checks = new List<HostCheck>();
        foreach (var (program, package, purpose) in Programs)
            checks.Add(await ProgramAsync(program, package, purpose, cancellationToken));
        checks.Add(await NamespacesAsync(cancellationToken));
        checks.Add(await OverlayAsync(cancellationToken));
        checks.Add(Disk());
        checks.Add(Memory());
        return new([.. checks]);
    }

    private async Task<HostCheck> ProgramAsync(string program, string package, string purpose, CancellationToken cancellationToken)
    {
        if (Find(program) is not { } file)
            return new(program, HostState.Fault, $"not found; it {purpose}", [package]);
        var (status, text) = await RunAsync(file, ["--version"], cancellationToken);
        // bzip2 tells its version as an error and then waits for data, of which there is none.
        return status == 0 || text.Contains("ersion", StringComparison.Ordinal)
            ? new(program, HostState.Good, FirstLine(text), [])
            : new(program, HostState.Fault, $"{file} does not run: {FirstLine(text)}", [package]);
    }

    private async Task<HostCheck> NamespacesAsync(CancellationToken cancellationToken)
    {
        const string name = "user namespaces";
        if (Find("bwrap") is not { } bubblewrap)
            return new(name, HostState.Fault, "cannot be tried without bwrap", ["bubblewrap"]);
        var (status, text) = await RunAsync(
            bubblewrap,
            ["--unshare-all", "--uid", "0", "--gid", "0", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"],
            cancellationToken
        );
        if (status == 0)
            return new(name, HostState.Good, "bubblewrap starts a sandbox", []);
        return new(name, HostState.Fault, FirstLine(text), [], NamespaceMend());
    }

    // What a distribution or a container switches off; the first that is off is the cause.
    private static string? NamespaceMend() =>
        ReadNumber("/proc/sys/kernel/unprivileged_userns_clone") == 0 ? "sysctl -w kernel.unprivileged_userns_clone=1"
        : ReadNumber("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1
            ? "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        : ReadNumber("/proc/sys/user/max_user_namespaces") == 0 ? "sysctl -w user.max_user_namespaces=15000"
        : null;

    private async Task<HostCheck> OverlayAsync(CancellationToken cancellationToken)
    {
        const string name = "overlay";
        if (Find("unshare") is not { } unshare)
            return new(name, HostState.Warning, "cannot be tried without unshare; roots are made of hard links", ["util-linux"]);
        var place = Directory.CreateDirectory(Path.Combine(ExistingParent(), $".recipes-doctor-{Guid.NewGuid():N}"));
        try
        {
            foreach (var folder in (string[])["a", "b", "root"])
                place.CreateSubdirectory(folder);
            const string script = "cd \"$1\" && mount -t overlay -o lowerdir=a:b,userxattr overlay root";
            var (status, text) = await RunAsync(unshare, ["-Urm", "sh", "-c", script, "sh", place.FullName], cancellationToken);
            return status == 0
                ? new(name, HostState.Good, "roots are overlays of trees", [])
                : new(name, HostState.Warning, $"{FirstLine(text)}; roots are made of hard links, which is slower", []);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private HostCheck Disk()
    {
        var free = new DriveInfo(ExistingParent()).AvailableFreeSpace;
        var detail = $"{Quantities.Size(free)} free for the store at {storeRoot}";
        if (free >= WantedDisk)
            return new("disk", HostState.Good, detail, []);
        var wanted = $"; building everything takes about {Quantities.Size(WantedDisk)}: make room, or choose another place with --store";
        return new("disk", free < NeededDisk ? HostState.Fault : HostState.Warning, detail + wanted, []);
    }

    private static HostCheck Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var detail = $"{Quantities.Size(total)}";
        return total >= WantedMemory
            ? new("memory", HostState.Good, detail, [])
            : new("memory", HostState.Warning, $"{detail}; compiling gcc wants {Quantities.Size(WantedMemory)}: build with -j 1", []);
    }

    private string ExistingParent()
    {
        var folder = storeRoot;
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private string? Find(string program) =>
        path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(x => Path.Combine(x, program)).FirstOrDefault(File.Exists);

    private static async Task<(int Status, string Text)> RunAsync(string file, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var result = await CliWrap.Cli.Wrap(file)
                .WithArguments(arguments)
                .WithStandardInputPipe(PipeSource.Null)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, cancellationToken);
            return (result.ExitCode, result.StandardOutput + result.StandardError);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return (-1, failure.Message);
        }
    }

    private static string FirstLine(string text) =>
        Printable.Line(text.Split('\n').Select(x => x.Trim()).FirstOrDefault(x => x.Length > 0) ?? "no output");

    private static long? ReadNumber(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;
}
