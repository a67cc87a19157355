using System.Collections.Immutable;
using System.ComponentModel;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sandboxes.Hosts;

/// <summary>Looks at what the engine needs of a host.</summary>
/// <param name="storeRoot">Where the store is or will be.</param>
/// <param name="path">The <c>PATH</c> in which programs are looked for.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class HostProbe(string storeRoot, string path, Func<string, string?> variable)
{
    private const long WantedDisk = 25_000_000_000;
    private const long NeededDisk = 5_000_000_000;
    private const long WantedMemory = 4_000_000_000;

    // Program, package, what it is for.
    private static readonly ImmutableArray<(string Program, string Package, string Purpose)> Programs =
    [
        ("git", "git", "names and imports sources"),
        ("tar", "tar", "unpacks archives"),
        ("xz", "xz-utils", "unpacks .tar.xz"),
        ("bzip2", "bzip2", "unpacks .tar.bz2"),
    ];

    /// <summary>The sandbox that is wished for, or null.</summary>
    public SandboxKind? Sandbox { get; init; }

    /// <summary>What to believe of bubblewrap in place of trying; for tests.</summary>
    public SandboxProbe? Bubblewrap { get; init; }

    /// <summary>The keys that sign Debian's suites.</summary>
    public string DebianKeyring { get; init; } = new SourceOptions().DebianKeyring;

    /// <summary>Runs every check.</summary>
    public async Task<HostReport> RunAsync(CancellationToken cancellationToken)
    {
        var checks = new List<HostCheck>();
        foreach (var (program, package, purpose) in Programs)
            checks.Add(await ProgramAsync(program, package, purpose, cancellationToken));
        // Only who pins a seed anew reads lists that are signed.
        checks.Add(
            await ProgramAsync(
                "gpgv",
                "gpgv",
                "checks the signatures of Debian's package lists, which are read for a new seed",
                cancellationToken
            ) with
            {
                IsRequired = false,
            }
        );
        checks.Add(
            await ProgramAsync("pasta", "passt", "forwards ports to an image that runs", cancellationToken) with
            {
                IsRequired = false,
            }
        );
        checks.Add(Keyring());
        checks.AddRange(await SandboxAsync(cancellationToken));
        checks.Add(Disk());
        checks.Add(Memory());
        return new([.. checks]);
    }

    private async Task<HostCheck> ProgramAsync(
        string program,
        string package,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var fix = HostReport.Install + package;
        if (Find(program) is not { } file)
            return new(program, false, true, $"not found; it {purpose}", fix);
        var (status, text) = await RunAsync(file, cancellationToken);
        return status == 0
            ? new(program, true, true, FirstLine(text), null)
            : new(program, false, true, $"{file} does not run: {FirstLine(text)}", fix);
    }

    private HostCheck Keyring() =>
        File.Exists(DebianKeyring)
            ? new("Debian's keys", true, false, DebianKeyring, null)
            : new(
                "Debian's keys",
                false,
                false,
                $"{DebianKeyring} is missing; by it gpgv checks the signatures of Debian's package lists",
                HostReport.Install + "debian-archive-keyring"
            );

    private async Task<IEnumerable<HostCheck>> SandboxAsync(CancellationToken cancellationToken)
    {
        ContentStore store;
        try
        {
            store = ContentStore.Open(storeRoot, cancellationToken: cancellationToken);
        }
        catch (EngineException failure)
        {
            return [new("store", false, true, failure.Text, $"{new Remedy(RemedyKind.ChooseStore)}")];
        }
        var bubblewrap = Bubblewrap ?? await SandboxProbe.RunAsync(store, cancellationToken);
        var wantsDocker = Sandbox == SandboxKind.Docker || (Sandbox is null && !bubblewrap.IsUsable);
        var docker = await DockerProbe.RunAsync(variable, wantsDocker, cancellationToken);
        // One of the two is enough, unless one was asked for.
        var hasOther = Sandbox == SandboxKind.Docker || (Sandbox is null && docker.Passed);
        return
        [
            .. bubblewrap.Checks.Select(x => x with { IsRequired = x.IsRequired && !hasOther }),
            docker with
            {
                IsRequired = Sandbox == SandboxKind.Docker,
            },
        ];
    }

    private HostCheck Disk()
    {
        var free = new DriveInfo(ExistingParent()).AvailableFreeSpace;
        var detail = $"{SizeText.Of(free)} free for the store at {storeRoot}";
        return free >= WantedDisk
            ? new("disk", true, true, detail, null)
            : new(
                "disk",
                false,
                free < NeededDisk,
                $"{detail}; building everything takes about {SizeText.Of(WantedDisk)}",
                $"make room, or {new Remedy(RemedyKind.ChooseStore)}"
            );
    }

    private static HostCheck Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return total >= WantedMemory
            ? new("memory", true, false, SizeText.Of(total), null)
            : new(
                "memory",
                false,
                false,
                $"{SizeText.Of(total)}; compiling gcc wants {SizeText.Of(WantedMemory)}",
                $"{new Remedy(RemedyKind.UseOneJob)}"
            );
    }

    private string ExistingParent()
    {
        var folder = storeRoot;
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private string? Find(string program) =>
        path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(x => Path.Combine(x, program))
            .FirstOrDefault(File.Exists);

    private static async Task<(int Status, string Text)> RunAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            // bzip2 tells its version and then compresses its input, of which there is none.
            var result = await Cli.Wrap(file)
                .WithArguments(["--version"])
                .WithStandardInputPipe(PipeSource.Null)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.Latin1, cancellationToken);
            return (result.ExitCode, result.StandardError + "\n" + result.StandardOutput);
        }
        catch (Win32Exception failure)
        {
            return (-1, failure.Message);
        }
    }

    private static string FirstLine(string text) =>
        text.Split('\n').Select(x => x.Trim()).FirstOrDefault(x => x.Length > 0) ?? "no output";
}
