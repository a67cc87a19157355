using System.Diagnostics;
using System.Globalization;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>An action sees the same whoever starts it, and is nobody on the host.</summary>
public sealed class CallerTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string OutVariable = "RECIPES_TEST_OUT";

    private const string Look = """
        ulimit -a; ulimit -H -a
        cat /proc/self/personality /proc/self/oom_score_adj
        grep -E '^(SigIgn|SigBlk|Cpus_allowed|NoNewPrivs|Seccomp):' /proc/self/status
        ls -l /proc/self/fd | grep -c -v -e ' [012] -> ' -e '^total' -e /proc/
        umask; cut -d ' ' -f 6 /proc/self/stat
        yes 2>&1 | head -n 1
        """;

    [Fact]
    public async Task What_a_caller_has_set_is_not_what_an_action_gets()
    {
        var usual = await LookAsync("exec \"$@\"");
        var hostile = await LookAsync(
            """
            trap '' HUP INT PIPE USR1 CHLD TERM
            exec 3< /etc/passwd 4<> /dev/null 9< /
            umask 077
            ulimit -S -c unlimited; ulimit -S -n 777; ulimit -S -s 1234; ulimit -S -l 32
            echo 500 > /proc/self/oom_score_adj
            exec setarch x86_64 --addr-no-randomize --uname-2.6 taskset -c 0 bash -c 'exec 77< /etc/passwd 99< /; exec "$@"' bash "$@"
            """
        );
        Assert.Equal(usual, hostile);
        Assert.DoesNotContain("Broken pipe", usual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nice_root_builds_as_any_other()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can take back a nice value.");
        Assert.Equal("0\n", await LookAsync("exec nice -n 7 \"$@\"", "cut -d ' ' -f 19 /proc/self/stat"));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_process_of_root_s_is_root_on_the_host()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A plain user's actions are the plain user's.");
        const string marker = "98765432198";
        using var log = new WatchedStream("started");
        using var cancel = new CancellationTokenSource();
        var script = $"echo started; touch /tmp/x /stage/x; chmod 6755 /tmp/x /stage/x; sleep {marker}";
        var run = fixture.Sandbox.RunAsync(
            fixture.Script(script) with
            {
                Label = "whose",
                OutputDirectories = ["/stage"],
            },
            log,
            cancel.Token
        );
        await log.Seen.WaitAsync(TestContext.Current.CancellationToken);
        List<string> users;
        while ((users = UsersOf(marker)).Count == 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var (status, found, _) = await HostPrograms.RunAsync(
            "find",
            [Path.Join(fixture.Store.Root, "tmp"), "-perm", "/6000", "-user", "0"],
            TestContext.Current.CancellationToken
        );
        var scratch = Assert.Single(Directory.EnumerateDirectories(Path.Join(fixture.Store.Root, "tmp"), "*whose*"));
        var mode = File.GetUnixFileMode(scratch);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);

        var owner = fixture.Store.Owner!.First.ToString(CultureInfo.InvariantCulture);
        Assert.NotEmpty(users);
        Assert.All(users, x => Assert.Equal($"{owner} {owner} {owner} {owner}", x));
        Assert.Equal((0, ""), (status, found));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
    }

    [Fact]
    public async Task A_recipe_that_says_why_may_make_namespaces()
    {
        const string script =
            "busybox unshare --user --map-root-user --mount sh -c 'mount -t tmpfs x /tmp && echo mounted'";
        Assert.Equal("mounted\n", await fixture.PrintedAsync(script, x => x with { AllowsNamespaces = true }));
        var (result, log) = await fixture.RunAsync(fixture.Script(script));
        Assert.Equal("unshare: unshare(0x10020000): Operation not permitted\n", log);
        Assert.NotEqual(0, result.ExitStatus);
    }

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task A_program_that_looks()
    {
        var words = Environment.GetEnvironmentVariable(OutVariable)!.Split('|', 2);
        await File.WriteAllTextAsync(
            words[0],
            await fixture.PrintedAsync(words[1]),
            TestContext.Current.CancellationToken
        );
    }

    private async Task<string> LookAsync(string start, string script = Look)
    {
        var result = Path.Join(fixture.Folder, "seen");
        File.Delete(result);
        using var child = Process.Start(
            new ProcessStartInfo(
                "sh",
                [
                    "-c",
                    start,
                    "sh",
                    Environment.ProcessPath!,
                    "-explicit",
                    "only",
                    "-method",
                    $"{typeof(CallerTests).FullName}.{nameof(A_program_that_looks)}",
                ]
            )
            {
                Environment = { [OutVariable] = $"{result}|{script}" },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(File.Exists(result), await output + error);
        return await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken);
    }

    private static List<string> UsersOf(string marker) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(x =>
                    char.IsAsciiDigit(Path.GetFileName(x)[0])
                    && Read(x, "cmdline").Contains($"sleep\0{marker}", StringComparison.Ordinal)
                )
                .Select(x => Read(x, "status").Split('\n').Single(y => y.StartsWith("Uid:", StringComparison.Ordinal)))
                .Select(x => string.Join(' ', x.Split('\t').Skip(1))),
        ];

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Join(folder, file));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
