using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests;

/// <summary>The program as a process of its own, and as ./recipes publishes it: what only shows there.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Fact]
    public async Task Exit_codes_reach_the_shell()
    {
        Assert.Equal(0, (await ProgramRun.OfCliAsync(workspace.Path, "graph")).ExitCode);
        Assert.Equal(1, (await ProgramRun.OfCliAsync(workspace.Path, "check")).ExitCode);
        Assert.Equal(2, (await ProgramRun.OfCliAsync(workspace.Path, "chek")).ExitCode);
    }

    [Fact]
    public async Task The_version_is_a_line()
    {
        var run = await ProgramRun.OfCliAsync(workspace.Path, "--version");

        Assert.Matches(@"^\d+\.\d+\.\d+\n$", run.Out);
    }

    [Fact]
    public async Task A_reader_that_goes_away_early_is_no_internal_error()
    {
        var program = WorkspaceFolder.Program;
        var run = await ProgramRun.OfAsync("/bin/sh", ["-c", "\"$0\" graph --json | true", program], workspace.Path);

        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_wrapper_publishes_reads_recipes_locks_and_writes_json()
    {
        using var sources = new SourceWorkspace();
        string[] store = ["--workspace", sources.Path, "--store", Path.Join(sources.Path, "store")];
        var wrapper = Path.Join(Checkout.Root, "recipes");

        var locked = await ProgramRun.OfAsync(wrapper, ["lock", "--json", .. store], "/");
        Assert.True(locked.ExitCode == 0, locked.Error);
        using var json = JsonDocument.Parse(locked.Out);
        Assert.Equal("words", json.RootElement.GetProperty("changes")[0].GetProperty("recipe").GetString());

        var check = await ProgramRun.OfAsync(wrapper, ["check", .. store], "/");
        Assert.Equal("1 recipe, 0 faults\n", check.Out);
        var fetched = await ProgramRun.OfAsync(wrapper, ["fetch", "--all", "--unpack", .. store], "/");
        Assert.Equal("1 source in the store\n", fetched.Out);
        var used = await ProgramRun.OfAsync(wrapper, ["store", "du", "--json", .. store], "/");
        Assert.Equal(0, used.ExitCode);
    }

    // git's library is native code, called from native code: what the tests of the engine prove need not hold there.
    [Fact]
    public async Task What_the_wrapper_publishes_pins_in_git_and_checks_out_submodules()
    {
        using var sources = new SourceWorkspace();
        var wrapper = Path.Join(Checkout.Root, "recipes");
        Task<CliRun> Run(params string[] line) =>
            ProgramRun.OfAsync(
                wrapper,
                [.. line, "--workspace", sources.Path, "--store", Path.Join(sources.Path, "store")],
                "/"
            );
        Task<CliRun> Git(params string[] line) => ProgramRun.OfAsync("git", ["-C", sources.Path, .. line], "/");
        await Git("init", "--quiet");

        var locked = await Run("lock");
        Assert.Equal(
            (0, "added words: pinned at 1\nstaged the gitlinks and .gitmodules\n"),
            (locked.ExitCode, locked.Out)
        );
        await Git("-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "--message", "pins");
        Assert.Equal("recipes.lock covers every recipe\n", (await Run("lock")).Out);
        Assert.Equal("lock, gitlinks, recipes and patches agree\n", (await Run("lock", "--check")).Out);
        var checkout = await Run("sources", "checkout");
        Assert.True(checkout.ExitCode == 0, checkout.Error);

        Assert.Matches("^ [0-9a-f]{40} pkgs/words/source \\(1\\)\n$", (await Git("submodule", "status")).Out);
        Assert.Equal("", (await Git("status", "--short", "--untracked-files=no")).Out);
        Directory.Delete(Path.Join(sources.Path, "pkgs", "words"), recursive: true);
        Assert.Equal(
            "removed words: no recipe asks for it\nstaged the gitlinks and .gitmodules\n",
            (await Run("lock")).Out
        );
        Assert.Equal("", (await Git("ls-files")).Out);
    }

    public void Dispose() => workspace.Dispose();
}
