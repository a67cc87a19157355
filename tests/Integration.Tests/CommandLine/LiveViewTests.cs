using System.IO.Pipelines;
using CliWrap;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

public sealed class LiveViewTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    private readonly TerminalRun terminal = new();

    [Fact]
    public async Task On_a_terminal_builds_are_shown_in_place_and_a_resize_leaves_no_trash()
    {
        workspace.WritePackage("below", "sleep 1; mkdir -p /stage/usr/share; echo > /stage/usr/share/below");
        workspace.WritePackage("slow", "sleep 4; mkdir -p /stage/usr/share; echo > /stage/usr/share/slow", "\"below\"");
        workspace.WritePackage("above", "mkdir -p /stage/usr/share; echo > /stage/usr/share/above", "\"slow\"");
        Assert.Equal(0, (await workspace.RunAsync("build", "toolchain")).ExitCode);
        var signal = Path.Join(workspace.Root, "narrow");
        var seen = new List<string>();
        terminal.Changed += screen =>
        {
            seen.AddRange(screen.Visible);
            if (
                screen.Visible.Any(x => x.Contains("▸ slow  install", StringComparison.Ordinal)) && !File.Exists(signal)
            )
                File.WriteAllText(signal, "");
        };

        var exit = await terminal.RunAsync(
            workspace,
            "(until [ -e narrow ]; do sleep 0.1; done; resize 30 10; sleep 1; resize 90 20) & \"$RECIPES\" build "
                + "above; status=$?; wait; exit $status",
            PipeSource.Null
        );

        Assert.True(exit == 0, terminal.Output.ToString());
        Assert.Contains(seen, x =>
            x.StartsWith("▸ slow  install", StringComparison.Ordinal)
            && x.EndsWith("s, first time  → above", StringComparison.Ordinal)
        );
        Assert.Collection(
            terminal.Screen.History,
            x => Assert.Matches("^✓ below built in [0-9.]+ s$", x),
            x => Assert.Matches("^✓ slow built in [0-9.]+ s$", x),
            x => Assert.Matches("^✓ above built in [0-9.]+ s$", x),
            x => Assert.Matches("^━{24} 5/5 packages in [0-9]+ s  3 built, 2 cached$", x),
            x => Assert.Matches("^5 packages: 3 built, 2 cached, in [0-9.]+ s$", x)
        );
        Assert.True(terminal.Screen.ShowsCursor);
        Assert.False(terminal.Screen.IsSynchronized);
    }

    [Fact]
    public async Task When_the_store_holds_everything_no_frame_is_shown()
    {
        Assert.Equal(0, (await workspace.RunAsync("build", "hello")).ExitCode);

        // Once more, so that nothing has to be read from a cold disk.
        var exit = await terminal.RunAsync(workspace, "\"$RECIPES\" build hello", PipeSource.Null);

        Assert.Equal(0, exit);
        Assert.Matches("^3 packages: 3 cached, in [0-9.]+ s$", terminal.Screen.History[^1]);
        Assert.DoesNotContain("built", terminal.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_gives_the_cursor_back_and_leaves_whole_lines()
    {
        workspace.WritePackage("endless", "sleep 600");
        var keys = new Pipe();
        var isPressed = false;
        terminal.Changed += screen =>
        {
            if (isPressed || !screen.Visible.Any(x => x.Contains("▸ endless  install", StringComparison.Ordinal)))
                return;
            isPressed = true;
            Assert.False(screen.ShowsCursor);
            _ = keys.Writer.WriteAsync(new byte[] { 3 }, TestContext.Current.CancellationToken).AsTask();
        };

        var exit = await terminal.RunAsync(
            workspace,
            "\"$RECIPES\" build endless",
            PipeSource.FromStream(keys.Reader.AsStream())
        );

        Assert.Equal(130, exit);
        Assert.True(terminal.Screen.ShowsCursor);
        Assert.Contains("ending the running builds; once more to end at once", terminal.Screen.History);
        Assert.Equal("error: interrupted; what was finished is kept", terminal.Screen.History[^1]);
        Assert.DoesNotContain(terminal.Screen.History, x => x.StartsWith('▸'));
    }
}
