using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Building;

public sealed class BuilderTests : IDisposable
{
    private readonly TinyWorkspace workspace = new();

    [Theory]
    [InlineData(
        "",
        24.0,
        "took longer than the 24 hours that are allowed where [build.limits] time says nothing, before the first step"
    )]
    [InlineData(
        "[build.limits]\ntime = \"90m\"",
        1.5,
        "took longer than [build.limits] time allows, before the first step"
    )]
    public async Task What_hangs_ends_at_last(string limits, double hours, string message)
    {
        var sandbox = new EndlessSandbox();
        using var endless = new TinyWorkspace
        {
            MakeSandbox = store => sandbox with { Inner = new BubblewrapSandbox(store) },
        };
        endless.Package("a", "sleep 1", more: limits);

        var report = await endless.BuildAsync(["a"]);

        Assert.Equal(TimeSpan.FromHours(hours), sandbox.Timeouts["a"]);
        Assert.Equal(TimeSpan.FromHours(24), sandbox.Timeouts["toolchain"]);
        Assert.Equal(message, report.Outcomes["a"].Failure!.Message);
    }

    /// <summary>Says of the package <c>a</c> that its time is up.</summary>
    private sealed record EndlessSandbox : ISandbox
    {
        public BubblewrapSandbox? Inner { get; init; }

        public Dictionary<string, TimeSpan?> Timeouts { get; } = new(StringComparer.Ordinal);

        public string Name => "endless";

        public Task<SandboxResult> RunAsync(SandboxRequest request, Stream log, CancellationToken cancellationToken)
        {
            Timeouts[request.Label] = request.Timeout;
            return request.Label != "a"
                ? Inner!.RunAsync(request, log, cancellationToken)
                : Task.FromResult(
                    new SandboxResult(
                        SandboxEnd.TimedOut,
                        137,
                        ImmutableSortedDictionary<string, Digest>.Empty,
                        TimeSpan.FromDays(1),
                        null,
                        null
                    )
                );
        }
    }

    [Fact]
    public async Task A_package_is_built_in_a_root_of_its_needs()
    {
        workspace.Package("hello", "mkdir -p /stage/usr/share; echo hello > /stage/usr/share/hello");
        workspace.Package(
            "greeter",
            "mkdir -p /stage/usr/share; sed s/hello/greetings/ /usr/share/hello > /stage/usr/share/greeter",
            "hello"
        );

        var report = await workspace.BuildAsync(["greeter"]);

        Assert.Equal("greetings\n", workspace.Read(report, "greeter", "usr/share/greeter"));
        Assert.Equal(["greeter", "hello", "seed", "toolchain"], report.Outcomes.Keys);
    }

    [Fact]
    public async Task What_was_built_once_is_not_built_again()
    {
        workspace.Package("hello", "mkdir -p /stage/usr; echo hello > /stage/usr/hello");
        await workspace.BuildAsync(["hello"]);

        var report = await workspace.BuildAsync(["hello"]);

        Assert.All(report.Outcomes.Values, x => Assert.Equal(BuildState.Cached, x.State));
    }

    [Fact]
    public async Task A_change_rebuilds_what_needs_it_and_nothing_else()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo one > /stage/usr/a");
        workspace.Package("b", "mkdir -p /stage/usr; cat /usr/a > /stage/usr/b", "a");
        workspace.Package("c", "mkdir -p /stage/usr; echo c > /stage/usr/c");
        await workspace.BuildAsync(["b", "c"]);
        workspace.Package("a", "mkdir -p /stage/usr; echo two > /stage/usr/a");

        var report = await workspace.BuildAsync(["b", "c"]);

        Assert.Equal(["a", "b"], Built(report));
        Assert.Equal("two\n", workspace.Read(report, "b", "usr/b"));
    }

    [Fact]
    public async Task An_output_that_comes_out_unchanged_keeps_its_dependents()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo one > /stage/usr/a");
        workspace.Package("b", "mkdir -p /stage/usr; cat /usr/a > /stage/usr/b", "a");
        await workspace.BuildAsync(["b"]);
        workspace.Package("a", "mkdir -p /stage/usr; echo on > /stage/usr/a; sed -i s/on/one/ /stage/usr/a");

        Assert.Equal(["a"], Built(await workspace.BuildAsync(["b"])));
    }

    [Fact]
    public async Task A_change_of_outputs_splits_again_and_builds_nothing()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo one > /stage/usr/a; echo two > /stage/usr/b");
        await workspace.BuildAsync(["a"]);
        workspace.Package(
            "a",
            "mkdir -p /stage/usr; echo one > /stage/usr/a; echo two > /stage/usr/b",
            more: "[outputs]\nb = [\"usr/b\"]"
        );

        var report = await workspace.BuildAsync(["a"]);

        Assert.Empty(Built(report));
        Assert.Equal(["b", "main"], report.Outcomes["a"].Result!.Outputs.Keys);
    }

    [Fact]
    public async Task What_a_step_leaves_running_is_ended_before_the_next()
    {
        workspace.Package(
            "a",
            """
            cp /stage/usr/late /tmp/then
            sleep 0.5
            cmp /stage/usr/late /tmp/then
            """,
            more: """
            compile = '''
            mkdir -p /stage/usr
            setsid sh -c 'while :; do date >> /stage/usr/late; done' &
            until [ -s /stage/usr/late ]; do sleep 0.1; done
            '''
            """
        );

        var report = await workspace.BuildAsync(["a"]);

        Assert.Equal(["a", "toolchain"], Built(report));
        var logs = Directory
            .EnumerateFiles(Path.Join(workspace.Store.Root, "logs"), "*.log", SearchOption.AllDirectories)
            .Select(File.ReadAllText);
        Assert.Contains(logs, x =>
            x.Contains("run: ended 'sh', which compile left running\n", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_program_of_its_own_package_wins_over_one_that_yields()
    {
        workspace.Package(
            "applets",
            "mkdir -p /stage/usr/share; echo applet > /stage/usr/share/sed; echo tr > /stage/usr/share/tr",
            more: "[outputs.main]\nyields = true"
        );
        workspace.Package("sed", "mkdir -p /stage/usr/share; echo real > /stage/usr/share/sed");
        workspace.Package(
            "user",
            "mkdir -p /stage/usr; cat /usr/share/sed /usr/share/tr > /stage/usr/read",
            "applets sed"
        );

        var report = await workspace.BuildAsync(["user"]);

        Assert.Equal("real\ntr\n", workspace.Read(report, "user", "usr/read"));
    }

    [Fact]
    public async Task A_script_in_the_build_root_brings_its_interpreter()
    {
        workspace.Package(
            "lang",
            "mkdir -p /stage/usr/bin; printf '#!/bin/sh\\necho lang runs $1\\n' > /stage/usr/bin/lang; chmod +x "
                + "/stage/usr/bin/lang"
        );
        workspace.Package(
            "conf",
            "mkdir -p /stage/usr/bin; printf '#!/usr/bin/env lang\\n' > /stage/usr/bin/conf; chmod +x "
                + "/stage/usr/bin/conf",
            "lang"
        );
        workspace.Package("user", "test -x /usr/bin/lang; mkdir -p /stage/usr; lang it > /stage/usr/said", "conf");

        var report = await workspace.BuildAsync(["user"]);

        Assert.Equal("lang runs it\n", workspace.Read(report, "user", "usr/said"));
    }

    [Fact]
    public async Task Hard_links_of_the_stage_are_remembered_where_the_content_is_equal()
    {
        workspace.Package(
            "git",
            """
            mkdir -p /stage/usr/bin /stage/usr/share
            echo git > /stage/usr/bin/git
            ln /stage/usr/bin/git "/stage/usr/bin/git add"
            ln /stage/usr/bin/git /stage/usr/share/git
            cp /stage/usr/bin/git /stage/usr/share/copy
            """,
            more: "[outputs]\nshare = [\"usr/share/**\"]"
        );

        var report = await workspace.BuildAsync(["git"]);

        var outputs = report.Outcomes["git"].Result!.Outputs;
        Assert.Equal(["usr/bin/git", "usr/bin/git add"], Assert.Single(outputs["main"].HardLinks));
        Assert.Empty(outputs["share"].HardLinks);
        Assert.Equal(
            ["usr/share/copy", "usr/share/git"],
            workspace
                .Store.ReadTree(outputs["share"].Tree)
                .Walk()
                .Where(x => x.Kind == TreeEntryKind.File)
                .Select(x => x.Path)
        );
        // Also as it is found again.
        Assert.Single((await workspace.BuildAsync(["git"])).Outcomes["git"].Result!.Outputs["main"].HardLinks);
    }

    [Fact]
    public async Task Hard_links_become_symbolic_ones_where_the_recipe_asks_and_count_once()
    {
        workspace.Package(
            "git",
            """
            mkdir -p /stage/usr/bin /stage/usr/libexec/git
            printf '#!/bin/sh\necho "$0"\n' > /stage/usr/libexec/git/git-add
            chmod +x /stage/usr/libexec/git/git-add
            ln /stage/usr/libexec/git/git-add /stage/usr/bin/git
            ln /stage/usr/bin/git /stage/usr/libexec/git/git
            """
        );
        var kept = await workspace.BuildAsync(["git"]);
        var recipe = Path.Join(workspace.Root, "pkgs/git/recipe.toml");
        File.WriteAllText(
            recipe,
            File.ReadAllText(recipe)
                .Replace("strip = false", "strip = false\nhard-links = \"symlink\"", StringComparison.Ordinal)
        );

        var report = await workspace.BuildAsync(["git"]);

        Assert.Equal(["git"], Built(report));
        Assert.Single(kept.Outcomes["git"].Result!.Outputs["main"].HardLinks);
        var output = report.Outcomes["git"].Result!.Outputs["main"];
        Assert.Empty(output.HardLinks);
        var tree = workspace.Store.ReadTree(output.Tree);
        Assert.Equal(
            ["usr/bin/git", "usr/libexec/git/git -> ../../bin/git", "usr/libexec/git/git-add -> ../../bin/git"],
            tree.Walk()
                .Where(x => x.Kind != TreeEntryKind.Folder)
                .Select(x => x.Kind == TreeEntryKind.Link ? $"{x.Path} -> {x.Target}" : x.Path)
        );
        Assert.Equal("#!/bin/sh\necho \"$0\"\n", workspace.Read(report, "git", "usr/libexec/git/git-add"));
        Assert.Equal(
            new FileInfo(Path.Join(workspace.Store.TreePath(output.Tree), "usr/bin/git")).Length,
            tree.FileBytes
        );
    }

    [Theory]
    [InlineData(
        "true",
        "empty-output: main: the package installs nothing; its install step has to put files below $DESTDIR, which "
            + "is /stage"
    )]
    [InlineData(
        "mkdir -p /stage/usr/sbin; echo > /stage/usr/sbin/daemon",
        "location: usr/sbin/daemon: is below usr/sbin/, which is a link to bin in every root; let the build install "
            + "it there"
    )]
    [InlineData(
        "mkdir -p /stage/usr; echo > \"$(printf '/stage/usr/a\\nb')\"",
        "'/usr/a\\nb' has a line break in its name, which no package may install; rename or remove it in the "
            + "install step"
    )]
    public async Task What_is_installed_in_no_good_way_fails_with_a_reason(string install, string reason)
    {
        workspace.Package("links", "mkdir -p /stage/usr/bin; ln -s bin /stage/usr/sbin; echo > /stage/usr/bin/links");
        workspace.Package("bad", install, "links");

        var report = await workspace.BuildAsync(["bad"]);

        Assert.Contains(reason, report.Outcomes["bad"].Failure!.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_build_the_same_one_builds_and_the_other_waits_for_it()
    {
        workspace.Package("slow", "sleep 1; mkdir -p /stage/usr; echo slow > /stage/usr/slow");
        await workspace.BuildAsync(["toolchain"]);

        var both = await Task.WhenAll(workspace.BuildAsync(["slow"]), workspace.BuildAsync(["slow"]));

        Assert.Equal([BuildState.Built, BuildState.Cached], both.Select(x => x.Outcomes["slow"].State).Order());
        Assert.Contains(new BuildAwaited("slow"), workspace.Events);
    }

    [Fact]
    public async Task The_number_of_jobs_does_not_change_the_action()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo $JOBS > /tmp/jobs; echo a > /stage/usr/a");
        await workspace.BuildAsync(["a"], new() { Jobs = 1 });

        Assert.Empty(Built(await workspace.BuildAsync(["a"], new() { Jobs = 7 })));
    }

    [Fact]
    public async Task A_failure_names_the_step_the_last_lines_the_log_and_the_kept_tree()
    {
        workspace.Package(
            "bad",
            "mkdir -p /stage/usr; echo so far > /stage/usr/x; echo 'cannot find -lfoo' >&2; exit 3"
        );

        var report = await workspace.BuildAsync(["bad"]);

        var failure = report.Outcomes["bad"].Failure!;
        Assert.Equal("failed in step 'install' with exit status 3", failure.Message);
        Assert.Equal(["cannot find -lfoo"], failure.LogTail);
        Assert.Equal(
            "==> install\ncannot find -lfoo\n",
            await File.ReadAllTextAsync(failure.LogPath!, TestContext.Current.CancellationToken)
        );
        Assert.True(File.Exists(Path.Join(failure.Kept, "stage/usr/x")), $"{failure.Kept} does not hold the stage");
        Assert.False(report.Succeeded);
    }

    [Fact]
    public async Task Keep_going_builds_what_does_not_need_the_failed_one()
    {
        workspace.Package("bad", "exit 1");
        workspace.Package("victim", "true", "bad");
        workspace.Package("good", "mkdir -p /stage/usr; echo x > /stage/usr/x");

        var report = await workspace.BuildAsync(["victim", "good"], new() { KeepGoing = true });

        Assert.Equal(BuildState.Skipped, report.Outcomes["victim"].State);
        Assert.Equal(BuildState.Built, report.Outcomes["good"].State);
    }

    [Fact]
    public async Task Cancelling_ends_every_process_and_the_next_start_goes_on()
    {
        workspace.Package("quick", "mkdir -p /stage/usr; echo x > /stage/usr/x");
        workspace.Package("slow", "sleep 4321 & sleep 4321", "quick");
        using var cancel = new CancellationTokenSource();

        var building = workspace.BuildAsync(["slow"], cancellation: cancel.Token);
        while (!workspace.Events.OfType<StepStarted>().Any(x => x is { Package: "slow", Step: "install" }))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => building);

        Assert.Equal(
            BuildState.Skipped,
            workspace.Events.OfType<PackageStateChanged>().Last(x => x.Package == "slow").State
        );
        Assert.Empty(SandboxFixture.ProcessesWith("sleep 4321"));
        workspace.Package("slow", "mkdir -p /stage/usr; echo y > /stage/usr/y", "quick");
        Assert.Equal(["slow"], Built(await workspace.BuildAsync(["slow"])));
    }

    [Fact]
    public async Task Two_outputs_that_disagree_on_a_path_are_named()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo a > /stage/usr/x");
        workspace.Package("b", "mkdir -p /stage/usr; echo b > /stage/usr/x");
        workspace.Package("c", "true", "a b");

        var report = await workspace.BuildAsync(["c"]);

        Assert.Equal(
            "the build root of c cannot be made: outputs disagree on\n  usr/x: a:main and b:main",
            report.Outcomes["c"].Failure!.Message
        );
    }

    private static IEnumerable<string> Built(BuildReport report) =>
        report.Outcomes.Values.Where(x => x.State == BuildState.Built).Select(x => x.Package);

    public void Dispose() => workspace.Dispose();
}
