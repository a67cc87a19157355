using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class BuildTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Theory]
    [InlineData("build")]
    [InlineData("compose")]
    public async Task An_unknown_name_is_wrong_usage_and_gets_a_guess(string verb)
    {
        var run = await workspace.RunAsync(verb, "tol-image");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"error: there is no recipe 'tol-image' in {workspace.Path}; did you mean 'tool-image'?\n", run.Error);
    }

    [Fact]
    public async Task Composing_what_is_no_image_lists_the_images()
    {
        var run = await workspace.RunAsync("compose", "zlib");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: 'zlib' is no image (pkgs/zlib/recipe.toml has no [image]); there are: tool-image\n", run.Error);
    }

    [Fact]
    public async Task What_the_lock_does_not_cover_fails_and_names_the_command_to_run()
    {
        var run = await workspace.RunAsync("build", "tool");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("recipes.lock does not cover", run.Error, StringComparison.Ordinal);
        Assert.Contains("run 'recipes lock'", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workspace.Dispose();
}
