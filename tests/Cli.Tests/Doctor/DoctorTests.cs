using System.Text.Json;
using Recipes.Cli.Doctor;
using Xunit;

namespace Recipes.Cli.Tests.Doctor;

public sealed class DoctorTests
{
    [Fact]
    public async Task A_host_without_any_program_gets_one_command_for_all_packages()
    {
        var report = await new HostProbe(Path.GetTempPath(), "/nowhere").RunAsync(TestContext.Current.CancellationToken);

        Assert.False(report.IsUsable);
        Assert.Equal(
            "sudo apt-get install -y bubblewrap bzip2 git tar util-linux xz-utils",
            report.Mends(isRoot: false).First()
        );
        Assert.Equal("apt-get install -y bubblewrap bzip2 git tar util-linux xz-utils", report.Mends(isRoot: true).First());
    }

    [Fact]
    public async Task A_program_that_does_not_run_is_a_fault_with_its_own_words()
    {
        using var folder = new TemporaryFolder();
        var program = folder.Write("git", "#!/bin/sh\necho 'git: broken library' >&2\nexit 127\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var report = await new HostProbe(folder.Path, folder.Path).RunAsync(TestContext.Current.CancellationToken);

        var git = report.Checks.Single(x => x.Name == "git");
        Assert.Equal(HostState.Fault, git.State);
        Assert.Equal($"{program} does not run: git: broken library", git.Detail);
    }

    [Fact]
    public void Faults_that_no_package_mends_get_a_command_each()
    {
        var report = new HostReport(
            [
                new("git", HostState.Good, "git version 2", ["git"]),
                new("user namespaces", HostState.Fault, "not permitted", [], "sysctl -w user.max_user_namespaces=15000"),
                new("xz", HostState.Fault, "not found", ["xz-utils"]),
            ]
        );

        Assert.Equal(
            ["sudo apt-get install -y xz-utils", "sudo sysctl -w user.max_user_namespaces=15000"],
            report.Mends(isRoot: false)
        );
    }

    [Fact]
    public async Task The_store_may_be_in_folders_that_are_not_there_yet()
    {
        using var folder = new TemporaryFolder();
        var store = Path.Combine(folder.Path, "a", "b");

        var report = await new HostProbe(store, "").RunAsync(TestContext.Current.CancellationToken);

        Assert.Contains($"free for the store at {store}", report.Checks.Single(x => x.Name == "disk").Detail, StringComparison.Ordinal);
        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public async Task Json_lists_every_check_with_its_state()
    {
        var run = await CliRun.OfAsync("doctor", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(run.ExitCode == 0, json.RootElement.GetProperty("usable").GetBoolean());
        var checks = json.RootElement.GetProperty("checks").EnumerateArray().ToDictionary(x => x.GetProperty("name").GetString()!);
        Assert.Superset(
            new HashSet<string> { "bwrap", "git", "tar", "xz", "bzip2", "user namespaces", "overlay", "disk", "memory" },
            checks.Keys.ToHashSet()
        );
        Assert.All(checks.Values, x => Assert.Contains(x.GetProperty("state").GetString(), (string[])["good", "warning", "fault"]));
    }
}
