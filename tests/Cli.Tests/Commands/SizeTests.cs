using Xunit;

namespace Recipes.Cli.Tests.Commands;

/// <summary>size, as far as nothing has to be built for it.</summary>
public sealed class SizeTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Theory]
    [InlineData(
        "tool-image",
        1,
        "error: tool:main of 'tool-image' is not built as the recipes are now; run: recipes compose tool-image\n"
    )]
    [InlineData(
        "tool",
        2,
        "error: 'tool' is a package, not an image (pkgs/tool/recipe.toml has no [image]); there are: tool-image\n"
    )]
    [InlineData(
        "tool-image --format png",
        2,
        "error: unknown format 'png'; there are: table, svg\nsee: recipes size --help\n"
    )]
    [InlineData("tool-image --largest -1", 2, "error: '-1' is not a number from 0 on\nsee: recipes size --help\n")]
    public async Task What_cannot_be_weighed_is_said(string arguments, int exitCode, string message)
    {
        var run = await workspace.RunAsync(["size", .. arguments.Split(' ')]);

        Assert.Equal((exitCode, message), (run.ExitCode, run.Error));
        Assert.Empty(run.Out);
    }

    public void Dispose() => workspace.Dispose();
}
