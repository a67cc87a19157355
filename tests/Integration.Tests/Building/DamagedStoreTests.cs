using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Integration.Tests.Building;

/// <summary>What is damaged in the store is not built from, and is made anew in the same run.</summary>
public sealed class DamagedStoreTests : IDisposable
{
    private readonly TinyWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    private static string[] Built(BuildReport report) =>
        [.. report.Outcomes.Values.Where(x => x.State == BuildState.Built).Select(x => x.Package)];

    private string[] Steps() =>
        [
            .. workspace
                .Events.OfType<StepStarted>()
                .Select(x => $"{x.Package} {x.Step}")
                .Where(x => x.EndsWith("install", StringComparison.Ordinal)),
        ];

    private async Task<string> PrepareAsync()
    {
        // Of two outputs, so that neither is the stage itself.
        workspace.Package(
            "a",
            "mkdir -p /stage/usr/share /stage/usr/include; echo one > /stage/usr/share/a; echo > /stage/usr/include/a.h"
        );
        workspace.Package("b", "mkdir -p /stage/usr/share; cat /usr/share/a > /stage/usr/share/b", "a");
        var report = await workspace.BuildAsync(["b"]);
        workspace.Package("b", "mkdir -p /stage/usr/share; cat /usr/share/a /usr/share/a > /stage/usr/share/b", "a");
        workspace.Forget();
        return Path.Join(workspace.Store.TreePath(report.Outcomes["a"].Result!.Outputs["main"].Tree), "usr/share/a");
    }

    [Fact]
    public async Task A_need_that_was_written_to_is_built_anew_in_the_same_run()
    {
        // Its stage shares the file.
        var file = await PrepareAsync();
        File.WriteAllText(file, "on!\n");
        Posix.SetTimes(file, 1);

        var report = await workspace.BuildAsync(["b"]);

        Assert.Equal("one\none\n", workspace.Read(report, "b", "usr/share/b"));
        Assert.Equal(["a install", "b install"], Steps());
        Assert.Contains(workspace.Events.OfType<TreeDropped>(), x =>
            x.Problem == "the content of 'usr/share/a' has changed"
        );
        Assert.Equal("one\n", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_need_whose_stage_is_sound_is_only_split_anew()
    {
        var file = await PrepareAsync();
        File.Delete(file);
        File.WriteAllText(file, "on!\n");

        var report = await workspace.BuildAsync(["b"]);

        Assert.Equal("one\none\n", workspace.Read(report, "b", "usr/share/b"));
        Assert.Equal(["b install"], Steps());
    }

    [Fact]
    public async Task A_source_that_came_out_empty_after_a_loss_of_power_is_fetched_anew()
    {
        workspace.Write(
            "pkgs/c",
            """
            name = "c"
            version = "1"
            [source]
            archive = "debian:pool/c_{version}.tar.gz"
            [build]
            system = "none"
            strip = false
            [build.steps]
            install = "mkdir -p /stage/usr/share; cp README /stage/usr/share/c"
            """
        );
        var tree = workspace.PinnedTree(workspace.Load().Recipes["c"]);
        var file = Path.Join(workspace.Store.TreePath(tree), "README");
        File.WriteAllText(file, "");
        Posix.SetTimes(file, 1);
        workspace.Forget();

        var report = await workspace.BuildAsync(["c"]);

        Assert.Equal("c", workspace.Read(report, "c", "usr/share/c"));
        Assert.Equal(["c", "toolchain"], Built(report));
    }

    [Fact]
    public async Task A_build_that_makes_the_list_of_special_modes_itself_fails_alone_and_says_why()
    {
        workspace.Package(
            "folder",
            "mkdir -p /stage/.recipes-modes /stage/usr; echo > /stage/usr/x; chmod 4755 /stage/usr/x"
        );
        workspace.Package("link", "mkdir -p /stage/usr; echo > /stage/usr/x; ln -s usr/x /stage/.recipes-modes");
        workspace.Package("garbage", "mkdir -p /stage/usr; echo > /stage/usr/x; echo rubbish > /stage/.recipes-modes");
        workspace.Package(
            "break",
            "mkdir -p /stage/usr; f=\"$(printf '/stage/usr/a\\nb')\"; echo > \"$f\"; chmod 4755 \"$f\""
        );
        workspace.Package("sound", "mkdir -p /stage/usr/share; echo > /stage/usr/share/x");

        var report = await workspace.BuildAsync(
            ["folder", "link", "garbage", "break", "sound"],
            new() { KeepGoing = true }
        );

        Assert.Equal(BuildState.Built, report.Outcomes["sound"].State);
        Assert.Equal(
            "the build made a folder at /stage/.recipes-modes, where the last step lists special modes; use another "
                + "name",
            Message("folder")
        );
        Assert.Equal(
            "the build made a link at /stage/.recipes-modes, where the last step lists special modes; use another name",
            Message("link")
        );
        Assert.StartsWith(
            "/stage/.recipes-modes is not the list of special modes that the last step writes: 'rubbish' is not a "
                + "mode and path;",
            Message("garbage"),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "has a line break in its name, which no package may install; rename or remove it in the install step",
            Message("break"),
            StringComparison.Ordinal
        );

        string Message(string name) => report.Outcomes[name].Failure!.Message.ToString();
    }

    [Fact]
    public async Task Outputs_that_no_tree_can_hold_fail_alone_and_are_named()
    {
        workspace.Package(
            "twin",
            "mkdir -p /stage/usr/share; cd /stage/usr/share; echo > \"$(printf 'a\\357\\277\\275')\"; echo > "
                + "\"$(printf 'a\\377')\""
        );
        workspace.Package("pipe", "mkdir -p /stage/usr/share; /usr/bin/busybox mkfifo /stage/usr/share/pipe");
        workspace.Package(
            "deep",
            $"p={string.Join('/', Enumerable.Repeat(new string('d', 200), 17))}; mkdir -p /stage/$p"
        );
        workspace.Package("sound", "mkdir -p /stage/usr/share; echo > /stage/usr/share/x");

        var report = await workspace.BuildAsync(["twin", "pipe", "deep", "sound"], new() { KeepGoing = true });

        Assert.Equal(BuildState.Built, report.Outcomes["sound"].State);
        Assert.Equal(
            "The name 'usr/share/a\ufffd' is not UTF-8, which no tree can hold.",
            report.Outcomes["twin"].Failure!.Message
        );
        Assert.Equal(
            "'usr/share/pipe' is a device, socket or fifo, which no tree can hold.",
            report.Outcomes["pipe"].Failure!.Message
        );
        Assert.EndsWith(
            "a tree holds paths of up to 3072.",
            report.Outcomes["deep"].Failure!.Message.ToString(),
            StringComparison.Ordinal
        );
        Assert.All(Directory.EnumerateFileSystemEntries(Path.Join(workspace.Store.Root, "tmp")), x =>
            Assert.DoesNotContain("deep", x, StringComparison.Ordinal)
        );
    }
}
