using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

public sealed class BubblewrapTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task There_is_no_network_but_a_loopback_of_its_own()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var printed = await fixture.PrintedAsync(
            $"""
            ls /sys/class/net 2>&1; cat /proc/net/dev | tail -n +3
            nc -w 2 127.0.0.1 {port} < /dev/null && echo connected to the host
            nc -w 2 192.0.2.1 80 < /dev/null && echo connected to the world
            nslookup example.org && echo resolved
            true
            """
        );
        Assert.Equal(
            ["lo:"],
            printed
                .Split('\n')
                .Select(x => x.Trim().Split(' ')[0])
                .Where(x => x.EndsWith(':') && x.Length < 8 && x != "nc:" && x != "ls:")
        );
        Assert.DoesNotContain("connected", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("resolved", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_is_read_only_and_tmp_is_not()
    {
        var printed = await fixture.PrintedAsync(
            "touch /x; touch /usr/bin/x; echo y > /usr/bin/busybox; touch /tmp/x && echo tmp"
        );
        Assert.Contains("touch: /x: Read-only file system", printed, StringComparison.Ordinal);
        Assert.Contains("touch: /usr/bin/x: Read-only file system", printed, StringComparison.Ordinal);
        Assert.Contains("can't create /usr/bin/busybox: Read-only file system", printed, StringComparison.Ordinal);
        Assert.EndsWith("tmp\n", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_cannot_be_made_writable()
    {
        var printed = await fixture.PrintedAsync(
            "mount -o remount,rw / 2>&1 || echo refused; touch /x 2>&1 || echo still"
        );
        Assert.Contains("refused\n", printed, StringComparison.Ordinal);
        Assert.Contains("still\n", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_name_user_and_environment_are_fixed()
    {
        Environment.SetEnvironmentVariable("RECIPES_TEST_LEAK", "leaked");
        var printed = await fixture.PrintedAsync("hostname; id -u; id -g; env | sort; umask", x => x with { Jobs = 3 });
        Assert.Equal(
            "recipes\n0\n0\nJOBS=3\nPATH=/usr/bin\nPWD=/\n0022\n",
            printed.Replace("SHLVL=1\n", "", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Files_and_processes_of_the_host_are_out_of_sight()
    {
        var printed = await fixture.PrintedAsync(
            """
            ls -A / | tr '\n' ' '; echo
            ls /proc | grep -c '^[0-9]'
            ls /proc/1/root/ | tr '\n' ' '; echo
            ls /proc/self/fd | tr '\n' ' '; echo
            cat /proc/self/mountinfo
            """
        );
        var lines = printed.Split('\n');
        Assert.Equal("bin dev proc tmp usr ", lines[0]);
        Assert.InRange(int.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture), 1, 5);
        Assert.Equal(lines[0], lines[2]);
        Assert.DoesNotContain("the store/trees", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_time_in_the_root_is_the_same()
    {
        var source = fixture.AddTree(("configure", "x"), ("sub/a.c", "y"));
        var printed = await fixture.PrintedAsync(
            "find / -xdev ! -path /tmp ! -path /proc ! -path /dev -exec stat -c '%Y %n' {} + | grep -v '^1 '; find "
                + "/build ! -type l -exec stat -c '%Y %n' {} + | grep -v '^1 '; true",
            x => x with { Mounts = [new("/build", source, true)] }
        );
        Assert.Equal("", printed);
    }

    [Fact]
    public async Task A_writable_mount_takes_writes_and_leaves_the_tree_alone()
    {
        var source = fixture.AddTree(("a", "old"), ("gone", "x"), ("deep/b", "b"));
        var more = fixture.AddTree(("c", "c"));
        var printed = await fixture.PrintedAsync(
            "echo new > a; rm gone; touch deep/x gmp/y; cat a gmp/c; find . | sort; pwd",
            x =>
                x with
                {
                    WorkingDirectory = "/build",
                    Mounts = [new("/build", source, true), new("/build/gmp", more, true)],
                }
        );
        Assert.Equal("new\nc.\n./a\n./deep\n./deep/b\n./deep/x\n./gmp\n./gmp/c\n./gmp/y\n/build\n", printed);
        Assert.Equal(
            "old",
            await File.ReadAllTextAsync(
                Path.Join(fixture.Store.TreePath(source), "a"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.True(File.Exists(Path.Join(fixture.Store.TreePath(source), "gone")));
        Assert.False(Directory.Exists(Path.Join(fixture.Store.TreePath(source), "gmp")));
    }

    [Fact]
    public async Task A_read_only_mount_takes_no_writes()
    {
        var files = fixture.AddTree(("fix.patch", "x"));
        var (result, log) = await fixture.RunAsync(
            fixture.Script("cat /recipe/fix.patch; echo y > /recipe/fix.patch") with
            {
                Mounts = [new("/recipe", files, false)],
            }
        );
        Assert.Equal(1, result.ExitStatus);
        Assert.Equal("x/bin/sh: can't create /recipe/fix.patch: Read-only file system\n", log);
    }

    [Fact]
    public async Task Output_directories_come_back_as_trees()
    {
        var request = fixture.Script(
            "mkdir /stage/usr; echo hello > /stage/usr/file; chmod 4700 /stage/usr/file; ln -s file /stage/usr/link"
        );
        var (result, _) = await fixture.RunAsync(request with { OutputDirectories = ["/stage", "/empty"] });
        Assert.Equal(Tree.Empty.Digest, result.Outputs["/empty"]);
        Assert.Equal(
            ["usr", "usr/file", "usr/link"],
            fixture.Store.ReadTree(result.Outputs["/stage"]).Walk().Select(x => x.Path)
        );
    }

    [Fact]
    public async Task A_failed_action_is_a_result_without_outputs()
    {
        var (result, log) = await fixture.RunAsync(
            fixture.Script("echo out; echo err >&2; echo out; exit 3") with
            {
                OutputDirectories = ["/stage"],
            }
        );
        Assert.Equal((SandboxEnd.Exited, 3, 0), (result.End, result.ExitStatus, result.Outputs.Count));
        Assert.False(result.Succeeded);
        Assert.Equal("out\nerr\nout\n", log);
    }

    [Fact]
    public async Task A_signal_is_128_and_its_number()
    {
        var (result, _) = await fixture.RunAsync(fixture.Script("sh -c 'kill -SEGV $$'; exit $?"));
        Assert.Equal(128 + 11, result.ExitStatus);
    }

    [Fact]
    public async Task A_missing_program_is_status_127()
    {
        var (result, log) = await fixture.RunAsync(
            fixture.Script("") with
            {
                Arguments = ["/usr/bin/no such program"],
            }
        );
        Assert.Equal(127, result.ExitStatus);
        Assert.Contains("/usr/bin/no such program: No such file or directory", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_working_directory_says_what_happened()
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            fixture.RunAsync(fixture.Script("") with { WorkingDirectory = "/nowhere" })
        );
        Assert.Contains("The sandbox of test run could not start", exception.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere: No such file or directory", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_tree_is_named()
    {
        var missing = Digest.Of("nothing"u8);
        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            fixture.RunAsync(fixture.Script("") with { Root = [fixture.Root, missing] })
        );
        Assert.Contains($"The tree {missing.Oci} is not in the store", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_and_variables_pass_unchanged()
    {
        string[] odd = ["a b", "", "'", "\"$HOME\"", "ünïcode", "new\nline", "*", "--"];
        var request = fixture.Script("") with
        {
            Arguments = ["/bin/sh", "-c", "printf '[%s]' \"$@\" \"$ODD\"", "sh", .. odd],
        };
        var (_, log) = await fixture.RunAsync(
            request with
            {
                Environment = request.Environment.Add("ODD", "x y\n'$z'"),
            }
        );
        Assert.Equal(string.Concat(odd.Append("x y\n'$z'").Select(x => $"[{x}]")), log);
    }

    [Fact]
    public async Task Cpu_time_of_all_processes_is_counted()
    {
        var (result, _) = await fixture.RunAsync(
            fixture.Script(
                "burn() { i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; }; burn & burn & wait; (setsid sh -c "
                    + "'exit 0')"
            )
        );
        Assert.NotNull(result.CpuTime);
        Assert.InRange(result.CpuTime.Value, TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task The_log_is_live()
    {
        using var log = new WatchedStream("first");
        var request = fixture.Script("echo first; until [ -e /go/on ]; do sleep 0.05; done; echo second");
        var go = Directory.CreateDirectory(Path.Join(fixture.Folder, "go")).FullName;
        // The job server's place serves to signal from outside.
        var fifo = Path.Join(go, "file");
        await File.WriteAllTextAsync(fifo, "", TestContext.Current.CancellationToken);
        request = request with
        {
            JobServer = fifo,
            Arguments = ["/bin/sh", "-c", "echo first; until [ -s /run/jobserver ]; do sleep 0.05; done; echo second"],
        };
        var run = fixture.Sandbox.RunAsync(request, log, TestContext.Current.CancellationToken);
        await log.Seen.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(run.IsCompleted);
        await File.WriteAllTextAsync(fifo, "on", TestContext.Current.CancellationToken);
        Assert.True((await run).Succeeded);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_ends_the_action()
    {
        using var log = new FullStream();
        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            fixture.Sandbox.RunAsync(fixture.Script("echo x; sleep 600"), log, TestContext.Current.CancellationToken)
        );
        Assert.Equal("The log of test run cannot be written: No space left on device", exception.Message);
    }

    [Fact]
    public async Task Many_layers_make_one_root()
    {
        var layers = Enumerable
            .Range(0, 120)
            .Select(i => fixture.AddTree(($"layers/{i:d3}", $"{i}"), ("layers/common", "c")))
            .ToList();
        var printed = await fixture.PrintedAsync("ls /layers | wc -l; cat /layers/000 /layers/119 /layers/common", x =>
            x with
            {
                Root = [fixture.Root, .. layers, fixture.Root, layers[3]],
            }
        );
        Assert.Equal("121\n0119c", printed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_root_lists_as_the_merged_tree_does(bool overlay)
    {
        Digest[] trees =
        [
            fixture.Root,
            fixture.AddTree(("usr/lib/a", "a"), ("etc/x/one", "1"), ("usr/bin/tool", "#!")),
            fixture.AddTree(("usr/lib/b", "b"), ("etc/x/two", "2")),
            fixture.AddTree(folder =>
                File.CreateSymbolicLink(
                    Path.Join(Directory.CreateDirectory(Path.Join(folder, "usr/lib")).FullName, "c"),
                    "b"
                )
            ),
        ];
        var merge = TreeMerge.Of([.. trees.Select((x, i) => ($"{i}", fixture.Store.ReadTree(x)))]);
        var printed = await fixture.PrintedAsync(
            "cd /; find . -mindepth 1 \\( -path ./proc -o -path ./dev -o -path ./tmp \\) -prune -o -print | sort",
            x => x with { Root = [.. trees] },
            new BubblewrapSandbox(fixture.Store) { Overlay = new(overlay, overlay) }
        );
        Assert.Empty(merge.Conflicts);
        Assert.Equal(
            merge.Tree.Walk().Select(x => "./" + x.Path).Order(StringComparer.Ordinal),
            printed.TrimEnd().Split('\n')
        );
    }

    [Fact]
    public async Task Without_overlays_everything_is_the_same()
    {
        var source = fixture.AddTree(("a", "old"));
        var nested = fixture.AddTree(("c", "c"));
        var request = fixture.Script(
            "echo new > a; cat a gmp/c; touch /usr/bin/x; echo z > /usr/bin/busybox; cp a /stage"
        ) with
        {
            WorkingDirectory = "/build",
            Mounts = [new("/build", source, true), new("/build/gmp", nested, true)],
            OutputDirectories = ["/stage"],
        };
        var (result, log) = await fixture.RunAsync(
            request,
            new BubblewrapSandbox(fixture.Store) { Overlay = new(false, false) }
        );
        Assert.True(result.Succeeded, log);
        Assert.StartsWith("new\nc", log, StringComparison.Ordinal);
        Assert.Contains("touch: /usr/bin/x: Read-only file system", log, StringComparison.Ordinal);
        Assert.Equal(
            "old",
            await File.ReadAllTextAsync(
                Path.Join(fixture.Store.TreePath(source), "a"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(fixture.AddTree(("a", "new\n")), result.Outputs["/stage"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_keeps_what_the_action_left(bool overlay)
    {
        var source = fixture.AddTree(("a", "old"), ("b", "b"), ("gone", "x"));
        var nested = fixture.AddTree(("c", "c"));
        var kept = Path.Join(fixture.Folder, $"kept of {overlay}");
        Directory.CreateDirectory(Path.Join(kept, "earlier"));
        var request = fixture.Script(
            "echo new > a; rm gone; echo d > gmp/d; chmod 500 gmp; mkdir -p /stage/usr; echo t > /tmp/t; exit 1"
        ) with
        {
            WorkingDirectory = "/build",
            Mounts = [new("/build", source, true), new("/build/gmp", nested, true)],
            OutputDirectories = ["/stage"],
            KeepOnFailure = kept,
        };
        var (result, _) = await fixture.RunAsync(
            request,
            new BubblewrapSandbox(fixture.Store) { Overlay = new(overlay, overlay) }
        );
        Assert.Equal(kept, result.Kept);
        Assert.Equal(
            [
                "build",
                "build/a",
                "build/b",
                "build/gmp",
                "build/gmp/c",
                "build/gmp/d",
                "stage",
                "stage/usr",
                "tmp",
                "tmp/t",
            ],
            Directory
                .EnumerateFileSystemEntries(kept, "*", SearchOption.AllDirectories)
                .Select(x => Path.GetRelativePath(kept, x))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            "new\n",
            await File.ReadAllTextAsync(Path.Join(kept, "build/a"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Nothing_is_left_in_the_scratch_folder()
    {
        var source = fixture.AddTree(("a", "old"));
        var request = fixture.Script("mkdir d; touch d/f; chmod 0 d/f; chmod 500 d; chmod 0 /tmp") with
        {
            WorkingDirectory = "/build",
            Mounts = [new("/build", source, true)],
            OutputDirectories = ["/stage"],
            Label = "cleanliness",
        };
        await fixture.RunAsync(request);
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(fixture.Store.Root, "*cleanliness*", SearchOption.AllDirectories),
            x => true
        );
    }

    [Fact]
    public async Task The_job_server_is_a_fifo_inside()
    {
        var fifo = Path.Join(fixture.Folder, "the fifo");
        await HostPrograms.RunAsync("mkfifo", ["-m", "666", fifo], TestContext.Current.CancellationToken);
        var printed = await fixture.PrintedAsync(
            "exec 8<>/run/jobserver; printf ++ >&8; dd bs=1 count=1 <&8 2>/dev/null",
            x => x with { JobServer = fifo }
        );
        Assert.Equal("+", printed);
        Assert.Equal("no\n", await fixture.PrintedAsync("[ -e /run/jobserver ] || echo no"));
    }
}
