using System.Text.Json;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>The program as ./recipes publishes it, native where the host can link: what only shows there.</summary>
public sealed class PublishedProgramTests : IDisposable
{
    private static readonly string Wrapper = Path.Join(Checkout.Root, "recipes");

    private readonly WorkspaceFolder sources = new();

    public PublishedProgramTests() => WordsSource.Write(sources);

    [Fact]
    public async Task What_the_wrapper_publishes_reads_recipes_locks_and_writes_json()
    {
        string[] store = ["--workspace", sources.Root, "--store", sources.Store];

        var locked = await ProgramRun.OfAsync(Wrapper, ["lock", "--json", .. store], "/");
        Assert.True(locked.ExitCode == 0, locked.Error);
        using var json = JsonDocument.Parse(locked.Out);
        Assert.Equal("words", json.RootElement.GetProperty("changes")[0].GetProperty("recipe").GetString());

        var check = await ProgramRun.OfAsync(Wrapper, ["check", .. store], "/");
        Assert.Equal("1 recipe, 0 faults\n", check.Out);
        var fetched = await ProgramRun.OfAsync(Wrapper, ["fetch", "--all", "--unpack", .. store], "/");
        Assert.Equal("1 source in the store\n", fetched.Out);
        var used = await ProgramRun.OfAsync(Wrapper, ["store", "du", "--json", .. store], "/");
        Assert.Equal(0, used.ExitCode);
    }

    [Fact]
    public async Task What_the_wrapper_publishes_says_the_commit_of_its_checkout()
    {
        var run = await ProgramRun.OfAsync(Wrapper, ["--version"], "/");

        var commit = Path.Exists(Path.Join(Checkout.Root, ".git")) ? @" \([0-9a-f]{12}(, modified)?\)" : "";
        Assert.Matches($@"^\d+\.\d+\.\d+{commit}\n$", run.Out);
    }

    // git's library is native code, called from native code: what the tests of the engine prove need not hold there.
    [Fact]
    public async Task What_the_wrapper_publishes_pins_in_git_and_checks_out_submodules()
    {
        Task<ProgramRun> Run(params string[] line) =>
            ProgramRun.OfAsync(Wrapper, [.. line, "--workspace", sources.Root, "--store", sources.Store], "/");
        Task<ProgramRun> Git(params string[] line) => ProgramRun.OfAsync("git", ["-C", sources.Root, .. line], "/");
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
        Directory.Delete(sources.Path("pkgs/words"), recursive: true);
        Assert.Equal(
            "removed words: no recipe asks for it\nstaged the gitlinks and .gitmodules\n",
            (await Run("lock")).Out
        );
        Assert.Equal("", (await Git("ls-files")).Out);
    }

    public void Dispose() => sources.Dispose();
}
