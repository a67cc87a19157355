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
        Assert.Equal(
            $"error: there is no recipe 'tol-image' in {workspace.Path}; did you mean 'tool-image'?\n",
            run.Error
        );
    }

    [Fact]
    public async Task Composing_what_is_no_image_lists_the_images()
    {
        var run = await workspace.RunAsync("compose", "zlib");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            "error: 'zlib' is a package, not an image (pkgs/zlib/recipe.toml has no [image]); there are: tool-image\n",
            run.Error
        );
    }

    [Fact]
    public async Task What_the_lock_does_not_cover_fails_and_names_the_command_to_run()
    {
        var run = await workspace.RunAsync("build", "tool");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("recipes.lock does not cover", run.Error, StringComparison.Ordinal);
        Assert.Contains("run 'recipes lock'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "build",
        "run.png",
        "error: a timeline is a .svg or .html file, and 'run.png' is neither\nsee: recipes build --help\n"
    )]
    [InlineData(
        "compose",
        "run",
        "error: a timeline is a .svg or .html file, and 'run' is neither\nsee: recipes compose --help\n"
    )]
    [InlineData("build", "no/run.svg", "error: the folder of the timeline 'no/run.svg' does not exist\n")]
    [InlineData("compose", "no/run.svg", "error: the folder of the timeline 'no/run.svg' does not exist\n")]
    public async Task A_timeline_that_cannot_be_written_is_said_before_anything_is_built(
        string verb,
        string file,
        string message
    )
    {
        var run = await workspace.RunAsync(verb, "tool-image", "--timeline", file);

        Assert.Equal((2, message), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_timeline_in_the_way_of_a_folder_is_an_error_and_leaves_nothing_half_written()
    {
        Directory.CreateDirectory(Path.Join(workspace.Path, "run.svg"));

        var run = await workspace.RunAsync("build", "tool", "--timeline", "run.svg");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            $"error: the timeline '{Path.Join(workspace.Path, "run.svg")}' cannot be written: ",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Directory.GetFiles(workspace.Path), x => x.Contains("run.svg", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run.svg", "<svg ")]
    [InlineData("run.html", "<!doctype html>\n")]
    public async Task A_run_that_failed_is_drawn_too(string file, string start)
    {
        var run = await workspace.RunAsync("build", "tool", "--timeline", file);

        Assert.Equal(1, run.ExitCode);
        var text = await File.ReadAllTextAsync(Path.Join(workspace.Path, file), TestContext.Current.CancellationToken);
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.Contains(">0 builds in ", text, StringComparison.Ordinal);
    }

    public void Dispose() => workspace.Dispose();
}
