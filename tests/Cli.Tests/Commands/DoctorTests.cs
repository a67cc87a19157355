using System.Text.Json;
using Recipes.Cli.Output;
using Recipes.Engine.Sandboxes.Hosts;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class DoctorTests
{
    [Fact]
    public async Task A_host_without_any_program_gets_one_command_for_all_packages()
    {
        using var store = new TemporaryDirectory();
        var report = await new HostProbe(store.Path, "/nowhere", _ => null)
        {
            DebianKeyring = "/nowhere/keys.gpg",
            // One that works, whatever this machine has.
            Bubblewrap = new([]),
        }.RunAsync(TestContext.Current.CancellationToken);

        Assert.False(report.IsUsable);
        Assert.Equal(
            "sudo apt-get install -y bzip2 debian-archive-keyring git gpgv passt tar xz-utils",
            report.Fixes(isRoot: false, RemedyWords.Of).First()
        );
        Assert.Equal(
            "apt-get install -y bzip2 debian-archive-keyring git gpgv passt tar xz-utils",
            report.Fixes(isRoot: true, RemedyWords.Of).First()
        );
    }

    [Fact]
    public async Task What_only_a_new_seed_needs_is_a_warning_that_says_what_it_is_for()
    {
        using var store = new TemporaryDirectory();
        var probe = new HostProbe(store.Path, "/nowhere", _ => null) { DebianKeyring = "/nowhere/keys.gpg" };

        var report = await probe.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                new(
                    "gpgv",
                    false,
                    false,
                    "not found; it checks the signatures of Debian's package lists, which are read for a new seed",
                    "apt-get install gpgv"
                ),
                new(
                    "Debian's keys",
                    false,
                    false,
                    "/nowhere/keys.gpg is missing; by it gpgv checks the signatures of Debian's package lists",
                    "apt-get install debian-archive-keyring"
                ),
            ],
            report.Checks.Where(x => x.Name is "gpgv" or "Debian's keys")
        );
    }

    [Fact]
    public async Task The_keys_of_Debian_are_there_where_their_file_is()
    {
        using var folder = new TemporaryDirectory();
        var keys = folder.Write("keys.gpg", "");

        var report = await new HostProbe(folder.Path, "/nowhere", _ => null) { DebianKeyring = keys }.RunAsync(
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            new("Debian's keys", true, false, keys, null),
            report.Checks.Single(x => x.Name == "Debian's keys")
        );
    }

    [Fact]
    public async Task A_program_that_does_not_run_is_a_fault_with_its_own_words()
    {
        using var folder = new TemporaryDirectory();
        var program = folder.Write("git", "#!/bin/sh\necho 'git: broken library' >&2\nexit 127\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var report = await new HostProbe(folder.Path, folder.Path, _ => null).RunAsync(
            TestContext.Current.CancellationToken
        );

        var git = report.Checks.Single(x => x.Name == "git");
        Assert.Equal((false, true), (git.Passed, git.IsRequired));
        Assert.Equal($"{program} does not run: git: broken library", git.Detail.ToString());
    }

    [Fact]
    public void Faults_that_no_package_fixes_get_a_line_each()
    {
        var report = new HostReport([
            new("git", true, true, "git version 2", null),
            new("user namespaces", false, true, "not permitted", "sysctl -w user.max_user_namespaces=15000"),
            new("disk", false, false, "9 GB free", "make room"),
            new("util-linux", false, true, "mount: not found", "apt-get install util-linux mount"),
            new("xz", false, true, "not found", "apt-get install xz-utils"),
        ]);

        Assert.Equal(
            [
                "sudo apt-get install -y mount util-linux xz-utils",
                "sudo sysctl -w user.max_user_namespaces=15000",
                "make room",
            ],
            report.Fixes(isRoot: false, RemedyWords.Of)
        );
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_is_a_fault_and_not_the_end()
    {
        using var folder = new TemporaryDirectory();
        var store = Path.Join(folder.Write("file", ""), "store");

        var run = await CliRun.OfAsync("doctor", "--store", store);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("fault   store", run.Out, StringComparison.Ordinal);
        Assert.Contains("choose another store with --store or RECIPES_STORE", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleaning_without_a_daemon_is_told_by_where_it_was_looked_for()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = CliRun.Host(Path.GetTempPath(), output, error) with
        {
            Variable = x => x == "DOCKER_HOST" ? "unix:///nowhere/docker.sock" : null,
        };

        Assert.Equal(1, await CommandLine.RunAsync(["doctor", "--clean"], host));
        Assert.StartsWith(
            "error: No Docker daemon answers at unix:///nowhere/docker.sock: ",
            error.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Json_lists_every_check_with_its_state()
    {
        using var store = new TemporaryDirectory();
        var run = await CliRun.OfAsync("doctor", "--json", "--store", store.Path);

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(run.ExitCode == 0, json.RootElement.GetProperty("usable").GetBoolean());
        var checks = json
            .RootElement.GetProperty("checks")
            .EnumerateArray()
            .ToDictionary(x => x.GetProperty("name").GetString()!);
        Assert.Superset(
            new HashSet<string>
            {
                "git",
                "tar",
                "xz",
                "bzip2",
                "gpgv",
                "pasta",
                "Debian's keys",
                "bubblewrap",
                "disk",
                "memory",
            },
            checks.Keys.ToHashSet()
        );
        Assert.All(checks.Values, x =>
            Assert.Contains(x.GetProperty("state").GetString(), (string[])["good", "warning", "fault"])
        );
    }
}
