using Xunit;

namespace Recipes.Cli.Tests.Commands;

/// <summary>recipes test, as far as nothing has to be built for it.</summary>
public sealed class TestTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Theory]
    [InlineData("", "error: recipes test needs either NAME or --all\n")]
    [InlineData("zlib --all", "error: recipes test needs either NAME or --all\n")]
    [InlineData(
        "zlib",
        "error: pkgs/zlib/recipe.toml has no [test]; write one: a script that ends with a status other than 0 where "
            + "something is wrong\n"
    )]
    public async Task What_is_to_be_tested_has_to_be_said_and_has_to_have_a_test(string arguments, string message)
    {
        var run = await workspace.RunAsync(["test", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((message, 2), (run.Error, run.ExitCode));
    }

    [Fact]
    public async Task A_shell_in_a_container_is_refused()
    {
        var run = await workspace.RunAsync("shell", "zlib", "--sandbox", "docker");

        Assert.Equal(
            ("error: a shell opens in bubblewrap alone; leave out --sandbox docker\n", 2),
            (run.Error, run.ExitCode)
        );
    }

    public void Dispose() => workspace.Dispose();
}
