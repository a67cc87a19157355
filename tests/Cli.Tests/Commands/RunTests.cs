using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class RunTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("run", "--source", "DIR")]
    [InlineData("run", "-x")]
    [InlineData("try", "sh", "--source")]
    public async Task An_option_that_the_program_would_swallow_is_refused(string command, params string[] words)
    {
        var run = await workspace.RunAsync([command, "zlib-image", .. words]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            $"error: '{words.First(x => x[0] == '-')}' is not an option of {command}; if it is for the image's "
                + $"program, write it "
                + $"after --: recipes {command} zlib-image -- {string.Join(' ', words)}\n",
            run.Error
        );
    }
}
