using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class SourceTests : IDisposable
{
    private readonly SourceWorkspace workspace = new();

    [Fact]
    public async Task A_new_recipe_is_pinned_once_and_then_left_alone()
    {
        var first = await workspace.RunAsync("lock");
        var text = await File.ReadAllTextAsync(workspace.Lock, TestContext.Current.CancellationToken);
        var second = await workspace.RunAsync("lock");

        Assert.StartsWith("added words: ", first.Out, StringComparison.Ordinal);
        Assert.Equal("recipes.lock covers every recipe\n", second.Out);
        Assert.Equal(text, await File.ReadAllTextAsync(workspace.Lock, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Changes_of_the_lock_are_listed_as_json()
    {
        var run = await workspace.RunAsync("lock", "--json");

        using var json = JsonDocument.Parse(run.Out);
        var change = Assert.Single(json.RootElement.GetProperty("changes").EnumerateArray());
        Assert.Equal("added", change.GetProperty("kind").GetString());
        Assert.Equal("words", change.GetProperty("recipe").GetString());
    }

    [Fact]
    public async Task A_source_that_cannot_be_had_fails_and_names_the_recipe()
    {
        File.Delete(Path.Join(workspace.Path, "pkgs", "words", "words-1.tar.gz"));
        var run = await workspace.RunAsync("lock");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error: words: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("words-1.tar.gz", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetching_brings_pinned_sources_into_the_store()
    {
        await workspace.RunAsync("lock");
        var run = await workspace.RunAsync("fetch", "--all", "--unpack");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("1 source in the store\n", run.Out);
    }

    [Fact]
    public async Task Fetching_what_is_not_pinned_names_the_command_to_run()
    {
        var run = await workspace.RunAsync("fetch", "words");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("run 'recipes lock'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fetch")]
    [InlineData("fetch words --all")]
    public async Task Fetching_wants_names_or_all(string line)
    {
        var run = await workspace.RunAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error: recipes fetch needs either NAMEs or --all\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetching_an_unknown_recipe_is_wrong_usage()
    {
        var run = await workspace.RunAsync("fetch", "wrods");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("did you mean 'words'?", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workspace.Dispose();
}
