using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>A store, in a folder with a space in its name, with a root that holds the host's static BusyBox.</summary>
public sealed class SandboxFixture : IDisposable
{
    private const string BusyBox = "/bin/busybox";

    private static readonly string[] Applets =
    [
        "sh",
        "cat",
        "id",
        "ls",
        "env",
        "echo",
        "hostname",
        "mkdir",
        "rm",
        "touch",
        "sleep",
        "find",
        "stat",
        "sort",
        "nslookup",
        "nc",
        "kill",
        "chmod",
        "chown",
        "head",
        "tail",
        "dd",
        "seq",
        "test",
        "true",
        "false",
        "printf",
        "mount",
        "readlink",
        "setsid",
        "grep",
        "wc",
        "yes",
        "stty",
        "pwd",
        "mv",
        "cp",
        "ln",
        "tr",
        "od",
        "ps",
        "ifconfig",
        "chpst",
        "su",
        "tty",
        "trap",
        "ulimit",
        "sed",
        "cut",
        "xargs",
    ];

    public SandboxFixture()
        : this(Directory.CreateTempSubdirectory("recipes sandbox ").FullName) { }

    private SandboxFixture(string folder)
    {
        Folder = folder;
        Store = ContentStore.Open(Path.Join(Folder, "the store"));
        Assert.True(File.Exists(BusyBox), "These tests need the host's static BusyBox: apt-get install busybox-static");
        Root = AddTree(root =>
        {
            Directory.CreateDirectory(Path.Join(root, "usr/bin"));
            File.CreateSymbolicLink(Path.Join(root, "bin"), "usr/bin");
            File.Copy(BusyBox, Path.Join(root, "usr/bin/busybox"));
            foreach (var applet in Applets)
                File.CreateSymbolicLink(Path.Join(root, "usr/bin", applet), "busybox");
        });
        Sandbox = new BubblewrapSandbox(Store);
    }

    /// <summary>One whose folder is a file system of its own, so that it can be full or read-only; as root.</summary>
    public static SandboxFixture OnFileSystem(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("recipes disk ").FullName;
        using (
            var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "recipes", folder])
        )
        {
            mount.WaitForExit();
            Assert.Equal(0, mount.ExitCode);
        }
        return new(folder) { IsMounted = true };
    }

    public string Folder { get; }

    private bool IsMounted { get; init; }

    internal ContentStore Store { get; }

    public Digest Root { get; }

    internal BubblewrapSandbox Sandbox { get; }

    public Digest AddTree(Action<string> fill)
    {
        using var scratch = Store.CreateScratch("test");
        var folder = Path.Join(scratch.Path, "tree");
        Directory.CreateDirectory(folder);
        fill(folder);
        return Store.AddTree(folder).Digest;
    }

    public Digest AddTree(params (string Path, string Text)[] files) =>
        AddTree(folder =>
        {
            foreach (var (path, text) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(folder, path))!);
                File.WriteAllText(Path.Join(folder, path), text);
            }
        });

    internal SandboxRequest Script(string script) =>
        new()
        {
            Label = "test run",
            Root = [Root],
            Arguments = ["/bin/sh", "-c", script],
            Environment = ImmutableSortedDictionary
                .Create<string, string>(StringComparer.Ordinal)
                .Add("PATH", "/usr/bin"),
        };

    internal async Task<(SandboxResult Result, string Log)> RunAsync(SandboxRequest request, ISandbox? sandbox = null)
    {
        using var log = new MemoryStream();
        var result = await (sandbox ?? Sandbox).RunAsync(request, log, TestContext.Current.CancellationToken);
        return (result, Encoding.UTF8.GetString(log.ToArray()));
    }

    /// <summary>Runs a script that has to succeed, and returns what it printed.</summary>
    internal async Task<string> PrintedAsync(
        string script,
        Func<SandboxRequest, SandboxRequest>? with = null,
        ISandbox? sandbox = null
    )
    {
        var (result, log) = await RunAsync((with ?? (x => x))(Script(script)), sandbox);
        Assert.True(result.Succeeded, $"status {result.ExitStatus}: {log}");
        return log;
    }

    /// <summary>The command lines of this machine's processes that hold a text.</summary>
    public static IReadOnlyList<string> ProcessesWith(string text)
    {
        var found = new List<string>();
        foreach (
            var folder in Directory.EnumerateDirectories("/proc").Where(x => char.IsAsciiDigit(Path.GetFileName(x)[0]))
        )
        {
            try
            {
                var line = File.ReadAllText(Path.Join(folder, "cmdline")).Replace('\0', ' ');
                if (line.Contains(text, StringComparison.Ordinal))
                    found.Add(line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile.
            }
        }
        return found;
    }

    public void Dispose()
    {
        if (IsMounted)
        {
            // Lazily: the store's lock is open until it is collected.
            using var unmount = Process.Start("umount", ["--lazy", Folder]);
            unmount.WaitForExit();
        }
        ScratchDirectory.Delete(Folder);
    }
}
