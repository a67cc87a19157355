using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>The tests that share one daemon, one after the other.</summary>
[CollectionDefinition(nameof(DockerDaemon))]
public sealed class DockerDaemonGroup : ICollectionFixture<DockerDaemon>;

/// <summary>
/// A dockerd of the tests' own, with its own data, socket and port on 127.0.0.1; it and everything below it end with
/// it, also where the tests are killed. Its bridge is Docker's default one. Only root can start it.
/// </summary>
public sealed class DockerDaemon : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int port = FreePort.Next();
    private Process? daemon;
    private Process? watcher;

    /// <summary>Holds all that the daemon writes; short, since the path of a socket is limited to 107 bytes.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("recipes-dockerd-").FullName;

    /// <summary>Where images and containers go, if not below <see cref="Folder"/>.</summary>
    public string? DataRoot { get; init; }

    /// <summary>
    /// Its endpoint for <c>DOCKER_HOST</c>: <c>unix:///…</c>. Skips the test where nobody may start a daemon.
    /// </summary>
    public string Host => Started($"unix://{Path.Join(Folder, "docker.sock")}");

    /// <summary>The same over TCP, as of a daemon on another machine: <c>tcp://127.0.0.1:…</c>.</summary>
    public string RemoteHost => Started(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"));

    private string Log => Path.Join(Folder, "log");

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        var program = HostPrograms.Find("dockerd");
        Assert.True(program is not null, "These tests need Debian's dockerd: apt-get install docker.io");
        string[] options =
        [
            "--data-root",
            DataRoot ?? Path.Join(Folder, "data"),
            "--exec-root",
            Path.Join(Folder, "exec"),
            "--pidfile",
            Path.Join(Folder, "pid"),
            "-H",
            $"unix://{Path.Join(Folder, "docker.sock")}",
            "-H",
            string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"),
            "--shutdown-timeout",
            "1",
        ];
        // Two that start at once spoil each other's rules for the bridge.
        await using var turn = await TakeTurnAsync();
        watcher?.Dispose();
        daemon?.Dispose();
        daemon = Start("sh", ["-c", "exec \"$@\" > \"$0\" 2>&1", Log, program, .. options]);
        // The pipe to it ends with this process, however it ends.
        watcher = Start(
            "sh",
            [
                "-c",
                "trap '' INT TERM; read -r _; kill -TERM \"$0\" 2> /dev/null",
                daemon.Id.ToString(CultureInfo.InvariantCulture),
            ]
        );
        await AnswersAsync();
    }

    /// <summary>Ends the daemon alone at once; containers go on. It may be initialised again.</summary>
    public async Task KillAsync()
    {
        daemon!.Kill();
        await daemon.WaitForExitAsync();
        // Its containerd ends with it; where nobody reaps that, the next dockerd would take it for alive.
        File.Delete(Path.Join(Folder, "exec/containerd/containerd.pid"));
    }

    public async ValueTask DisposeAsync()
    {
        if (daemon is not null && watcher is not null)
        {
            watcher.StandardInput.Close();
            using var limit = new CancellationTokenSource(Patience);
            await watcher.WaitForExitAsync(limit.Token);
            await daemon.WaitForExitAsync(limit.Token);
            EndRest();
        }
        watcher?.Dispose();
        daemon?.Dispose();
        watcher = null;
        daemon = null;
        using var removal = Start("rm", ["-rf", "--one-file-system", "--", Folder]);
        await removal.WaitForExitAsync();
        Assert.False(Directory.Exists(Folder), $"'{Folder}' is still in use");
    }

    // What a daemon that was killed leaves behind: its containerd, shims with their containers, and mounts.
    private void EndRest()
    {
        for (var attempt = 0; attempt < 100 && ProcessesBelow() is { Count: > 0 } rest; attempt++)
        {
            foreach (var id in rest)
                Run("kill", "-KILL", id.ToString(CultureInfo.InvariantCulture));
            Thread.Sleep(20);
        }
        var mounts = File.ReadAllLines("/proc/self/mountinfo").Select(x => x.Split(' ')[4]);
        foreach (var mount in mounts.Where(x => x.StartsWith(Folder + "/", StringComparison.Ordinal)).Reverse())
            Run("umount", "--lazy", mount);
    }

    /// <summary>Processes that have this folder in their command line, and those that they started.</summary>
    private List<int> ProcessesBelow()
    {
        var parents = new Dictionary<int, int>();
        var found = new HashSet<int>();
        foreach (
            var folder in Directory.EnumerateDirectories("/proc").Where(x => char.IsAsciiDigit(Path.GetFileName(x)[0]))
        )
        {
            try
            {
                var id = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
                var stat = File.ReadAllText(Path.Join(folder, "stat"));
                parents[id] = int.Parse(
                    stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1],
                    CultureInfo.InvariantCulture
                );
                if (File.ReadAllText(Path.Join(folder, "cmdline")).Contains(Folder + "/", StringComparison.Ordinal))
                    found.Add(id);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
        found.Remove(Environment.ProcessId);
        while (
            parents.Where(x => found.Contains(x.Value) && !found.Contains(x.Key)).ToList() is { Count: > 0 } children
        )
            found.UnionWith(children.Select(x => x.Key));
        return [.. found];
    }

    private async Task AnswersAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var ping = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/_ping"));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && !daemon!.HasExited; await Task.Delay(50))
        {
            try
            {
                if (await client.GetStringAsync(ping) == "OK")
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }
        }
        var message = string.Join('\n', File.ReadLines(Log).TakeLast(20));
        await DisposeAsync();
        Assert.Fail($"dockerd did not start:\n{message}");
    }

    private static async Task<FileStream> TakeTurnAsync()
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                return new(
                    Path.Join(Path.GetTempPath(), "recipes-dockerd.lock"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None
                );
            }
            catch (IOException) when (clock.Elapsed < Patience)
            {
                // Another one starts.
            }
        }
    }

    private string Started(string endpoint)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can start dockerd");
        return endpoint;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.WaitForExit();
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true };
        foreach (var (name, value) in HostPrograms.CleanEnvironment())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
