using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class LogTests : IDisposable
{
    private static readonly Digest Action = Digest.Of("action"u8);

    private readonly TestWorkspace workspace = new();

    [Fact]
    public async Task The_last_log_is_shown_as_it_is()
    {
        WriteLog("==> compile\ncc -o [zlib]\n");
        var run = await workspace.RunAsync("log", "zlib");

        Assert.Equal("==> compile\ncc -o [zlib]\n", run.Out);
    }

    [Fact]
    public async Task Its_path_may_be_asked_for()
    {
        var path = WriteLog("text");
        var run = await workspace.RunAsync("log", "zlib", "--path");

        Assert.Equal(path + "\n", run.Out);
    }

    [Fact]
    public async Task A_package_that_was_never_built_has_none()
    {
        var run = await workspace.RunAsync("log", "zlib");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"error: 'zlib' was never built into the store at {workspace.Store}, so there is no log of it\n",
            run.Error
        );
    }

    [Fact]
    public async Task A_log_that_was_deleted_is_said_to_be_gone()
    {
        File.Delete(WriteLog("text"));
        var run = await workspace.RunAsync("log", "zlib");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: the log of 'zlib' is gone from the store: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_package_is_wrong_usage()
    {
        var run = await workspace.RunAsync("log", "zlob");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("did you mean 'zlib'?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_the_command_says_that_it_needs_one()
    {
        var run = await workspace.RunAsync("log");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error: recipes log needs NAME\n", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workspace.Dispose();

    private string WriteLog(string text)
    {
        var store = ContentStore.Open(workspace.Store);
        new BuildHistory(store).Add("zlib", new(1, null, Action));
        var path = store.LogPath(Action);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
