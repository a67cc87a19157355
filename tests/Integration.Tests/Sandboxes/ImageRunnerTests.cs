using System.Collections.Immutable;
using System.Diagnostics;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Processes;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

public sealed class ImageRunnerTests : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Accounts = "root:x:0:0::/:/bin/sh\npostgres:x:70:70::/:/bin/sh\n";
    private const string OutVariable = "RECIPES_TEST_OUT";

    private readonly SandboxFixture fixture;
    private readonly TemporaryDirectory outFolder = new();

    public ImageRunnerTests(SandboxFixture fixture) => this.fixture = fixture;

    public void Dispose()
    {
        // A plain user's image may have left files of its subordinate users.
        outFolder.Dispose();
    }

    private ImageRunRequest Script(string script, string? shared = null) =>
        new()
        {
            Label = "test-image",
            Root =
            [
                fixture.Root,
                fixture.AddTree(
                    ("var/lib/data/keep", ""),
                    ("etc/motd", "hello"),
                    ("run/x", ""),
                    ("etc/passwd", Accounts),
                    ("etc/group", "root:x:0:\npostgres:x:70:\n")
                ),
            ],
            Arguments = ["sh", "-c", script],
            Environment = ImmutableSortedDictionary
                .Create<string, string>(StringComparer.Ordinal)
                .Add("PATH", "/usr/bin"),
            Binds = [new(shared ?? outFolder.Path, "/out")],
        };

    private async Task<(int Status, string Out)> RunAsync(ImageRunRequest request, ImageRunner? runner = null)
    {
        var status = await (runner ?? new(fixture.Store)).RunAsync(request, TestContext.Current.CancellationToken);
        var file = outFolder.Join("result");
        return (
            status,
            File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : ""
        );
    }

    [Fact]
    public async Task The_exit_status_is_the_program_s() => Assert.Equal(7, (await RunAsync(Script("exit 7"))).Status);

    [Fact]
    public async Task A_signal_is_128_and_its_number() =>
        Assert.Equal(128 + 11, (await RunAsync(Script("sh -c 'kill -SEGV $$'; exit $?"))).Status);

    [Fact]
    public async Task A_missing_program_says_so()
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            RunAsync(Script("") with { Arguments = ["no-such-program"] })
        );
        Assert.Equal(
            "'no-such-program' could not be started in test-image; the message above says why.",
            exception.Message
        );
    }

    [Fact]
    public async Task Name_environment_and_directory_are_the_image_s()
    {
        var request = Script("{ hostname; env | grep -v SHLVL | sort; pwd; cat /etc/motd; } > /out/result");
        var (status, printed) = await RunAsync(
            request with
            {
                Environment = request.Environment.Add("A", "b c"),
                WorkingDirectory = "/etc",
            }
        );
        Assert.Equal((0, "test-image\nA=b c\nPATH=/usr/bin\nPWD=/etc\n/etc\nhello"), (status, printed));
    }

    [Fact]
    public async Task What_it_writes_is_thrown_away_but_for_its_folders()
    {
        Assert.Equal(
            0,
            (
                await RunAsync(
                    Script("echo changed > /etc/motd; rm /var/lib/data/keep; touch /usr/bin/x && echo kept > /out/kept")
                )
            ).Status
        );
        var (_, printed) = await RunAsync(
            Script("cat /etc/motd /out/kept > /out/result; ls /var/lib/data >> /out/result")
        );
        Assert.Equal("hellokept\nkeep\n", printed);
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(fixture.Store.Root, "*test-image*", SearchOption.AllDirectories),
            x => true
        );
    }

    [Fact]
    public async Task There_is_no_network_unless_it_is_shared()
    {
        const string script =
            "tail -n +3 /proc/net/dev | wc -l > /out/result; readlink /proc/self/ns/net >> /out/result";
        var (_, alone) = await RunAsync(Script(script));
        var (_, shared) = await RunAsync(Script(script) with { SharesNetwork = true });
        var host = new FileInfo("/proc/self/ns/net").LinkTarget;
        Assert.StartsWith("1\n", alone, StringComparison.Ordinal);
        Assert.DoesNotContain(host!, alone, StringComparison.Ordinal);
        Assert.Contains(host!, shared, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_user_owns_what_is_declared_and_may_write_to_nothing_else(bool single)
    {
        var request = Script(
            """
            { id -u; id -g; stat -c '%a %u %g' /var/lib/data /out; } > /out/result
            touch /var/lib/data/mine && echo data >> /out/result
            """
        ) with
        {
            Uid = 70,
            Gid = 71,
            Owners = [new("/var/lib/data", Convert.ToInt32("700", 8), 70, 71), new("/out", null, 70, 71)],
        };
        var (status, printed) = await RunAsync(
            request,
            single ? new(fixture.Store) { Users = UserMapping.Single(fixture.Store.Owner) } : null
        );
        Assert.Equal((0, "70\n71\n700 70 71\n700 70 71\ndata\n"), (status, printed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(40)]
    public async Task Any_number_of_owned_folders_will_do(int count)
    {
        var folders = Enumerable.Range(0, count).Select(x => $"/owned/{x}").ToList();
        var tree = fixture.AddTree([.. folders.Select(x => ($"{x[1..]}/file", ""))]);
        var request = Script("stat -c '%a' /owned/* 2> /dev/null | sort -u > /out/result; exit 0");
        var (status, printed) = await RunAsync(
            request with
            {
                Root = [.. request.Root, tree],
                Owners = [.. folders.Select(x => new FileOwner(x, Convert.ToInt32("700", 8), 0, 0))],
            }
        );
        Assert.Equal((0, count == 0 ? "" : "700\n"), (status, printed));
    }

    [Fact]
    public async Task A_folder_of_somebody_else_s_is_refused_with_whom_it_has_to_belong_to()
    {
        Assert.SkipUnless(fixture.Store.Owner is not null, "Only root writes to folders of others.");
        await File.WriteAllTextAsync(outFolder.Join("file"), "", TestContext.Current.CancellationToken);
        var exception = await Assert.ThrowsAsync<EngineException>(() => RunAsync(Script("true")));
        Assert.Equal(
            $"'{outFolder.Path}' belongs to user 0 of this machine, who is nobody in test-image: its user n is "
                + $"{fixture.Store.Owner!.First} + n outside. "
                + $"Name an empty or a new folder, or give this one to the image's user: chown -R "
                + $"$(({fixture.Store.Owner.First} + n)) '{outFolder.Path}'",
            exception.Message
        );
    }

    [Fact]
    public async Task Root_sees_other_owners_and_may_become_them()
    {
        var users = await UserMapping.FindAsync(fixture.Store.Owner, 0, TestContext.Current.CancellationToken);
        Assert.SkipUnless(
            users.HasManyUsers,
            "This user has no others to map: no newuidmap, or no range in /etc/subuid."
        );
        var request = Script(
            """
            stat -c '%a %u %g' /var/lib/data / /etc > /out/result
            su postgres -c 'id -u; touch /var/lib/data/x && echo wrote; touch /etc/x || echo refused' >> /out/result 2> /dev/null
            chown 5:6 /out/result; stat -c '%u %g' /out/result >> /out/result
            """
        ) with
        {
            Owners = [new("/var/lib/data", Convert.ToInt32("700", 8), 70, 70)],
        };
        request = request with
        {
            Arguments = ["sh", "-c", request.Arguments[2] + "; chown 0:0 /out/result; chmod 666 /out/result"],
        };
        var (status, printed) = await RunAsync(request);
        Assert.Equal((0, "700 70 70\n755 0 0\n755 0 0\n70\nwrote\nrefused\n5 6\n"), (status, printed));
    }

    [Fact]
    public async Task A_plain_start_user_may_not_write_to_root_s_files()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess,
            "For a plain user all files belong to the user that the image starts as."
        );
        var (_, printed) = await RunAsync(
            Script("touch /etc/x 2>&1 || echo refused > /out/result") with
            {
                Uid = 70,
                Gid = 70,
                Owners = [new("/out", null, 70, 70)],
            }
        );
        Assert.Equal("refused\n", printed);
    }

    [Fact]
    public async Task An_owner_behind_a_link_touches_nothing_outside()
    {
        var outside = Path.Join(fixture.Folder, "outside");
        var trap = fixture.AddTree(folder => File.CreateSymbolicLink(Path.Join(folder, "trap"), outside));
        var victim = Directory.CreateDirectory(Path.Join(outside, "victim"));
        var before = victim.UnixFileMode;
        var request = Script("true");
        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            RunAsync(request with { Root = [.. request.Root, trap], Owners = [new("/trap/victim", 0, 70, 70)] })
        );
        Assert.Contains("could not be started", exception.Message, StringComparison.Ordinal);
        victim.Refresh();
        Assert.Equal(before, victim.UnixFileMode);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/a/../b")]
    [InlineData("/a\n/b")]
    public async Task An_owner_of_a_bad_path_is_refused(string path)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            RunAsync(Script("true") with { Owners = [new(path, null, 1, 1)] })
        );
        Assert.Equal(
            $"The image declares an owner for '{path}', which is not a plain absolute path.",
            exception.Message
        );
    }

    [Fact]
    public async Task The_root_of_the_host_is_out_of_sight()
    {
        var (_, printed) = await RunAsync(
            Script(
                "ls / /proc/1/root/ | grep -v : | sort -u | tr '\\n' ' ' > /out/result; grep Cap /proc/self/status "
                    + "| grep -i -c 0000003fffffffff >> /out/result"
            )
        );
        Assert.Equal("bin dev etc out proc run usr var 0\n", printed.TrimStart());
    }

    [Fact]
    public async Task Streams_are_the_caller_s()
    {
        using var child = Start(nameof(A_program_that_copies), redirectInput: true);
        await child.StandardInput.WriteAsync("through and through");
        child.StandardInput.Close();
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("out: through and through", await output, StringComparison.Ordinal);
        Assert.Contains("err: separate", error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_signal_is_passed_on()
    {
        using var child = Start(nameof(A_program_that_waits), redirectInput: true);
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var ready = outFolder.Join("ready");
        while (!File.Exists(ready) && !child.HasExited)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await HostPrograms.RunAsync("sh", ["-c", $"kill -TERM {child.Id}"], TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(File.Exists(outFolder.Join("got TERM")), await output);
        Assert.Contains("Failed: 0", await output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_program_is_process_1() =>
        Assert.Equal((0, "1\n"), await RunAsync(Script("echo $$ > /out/result")));

    [Fact(Timeout = 120_000)]
    public async Task A_program_that_ignores_signals_ends_at_the_third()
    {
        using var child = Start(nameof(A_program_that_ignores), redirectInput: true);
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var ready = outFolder.Join("ready");
        while (!File.Exists(ready) && !child.HasExited)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await HostPrograms.RunAsync("sh", ["-c", $"kill -TERM {child.Id}"], TestContext.Current.CancellationToken);
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Failed: 0", await output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Cancelling_ends_it()
    {
        using var cancel = new CancellationTokenSource();
        var run = new ImageRunner(fixture.Store).RunAsync(Script("touch /out/ready; sleep 600"), cancel.Token);
        while (!File.Exists(outFolder.Join("ready")))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
    }

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task A_program_that_copies()
    {
        var request = Script(
            "echo err: separate >&2; echo out: $(cat)",
            Environment.GetEnvironmentVariable(OutVariable)
        );
        Assert.Equal(0, await new ImageRunner(fixture.Store).RunAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task A_program_that_waits()
    {
        var request = Script(
            "trap 'touch \"/out/got TERM\"; exit 5' TERM; touch /out/ready; while :; do sleep 0.1; done",
            Environment.GetEnvironmentVariable(OutVariable)
        );
        Assert.Equal(5, await new ImageRunner(fixture.Store).RunAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task A_program_that_ignores()
    {
        var request = Script(
            "touch /out/ready; while :; do sleep 0.1; done",
            Environment.GetEnvironmentVariable(OutVariable)
        );
        Assert.Equal(
            137,
            await new ImageRunner(fixture.Store).RunAsync(request, TestContext.Current.CancellationToken)
        );
    }

    private Process Start(string method, bool redirectInput) =>
        Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                ["-explicit", "only", "-method", $"{typeof(ImageRunnerTests).FullName}.{method}"]
            )
            {
                Environment = { [OutVariable] = outFolder.Path },
                RedirectStandardInput = redirectInput,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
}
