using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class AddTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Fact]
    public async Task Needs_are_added_and_the_rest_stays_byte_for_byte()
    {
        const string Before =
            "\uFEFF# é\r\nname = \"other\"\r\nversion = \"1\"\r\nlicense = \"MIT\"\r\nsummary = 'x' # "
            + "y\r\n[build]\r\nsystem  = \"make\"\r\n";
        var file = workspace.Write("pkgs/other/recipe.toml", Before);

        var run = await workspace.RunAsync("add", "other", "zlib", "tool:main");

        Assert.Equal(("pkgs/other/recipe.toml: needs zlib, tool:main\n", "", 0), (run.Out, run.Error, run.ExitCode));
        Assert.Equal(
            Before.Replace("system ", "needs   = [\"zlib\", \"tool:main\"]\r\nsystem ", StringComparison.Ordinal),
            System.Text.Encoding.UTF8.GetString(
                await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)
            )
        );
        Assert.Equal(["recipe.toml"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName));
        Assert.Equal(0, (await workspace.RunAsync("graph")).ExitCode);
    }

    [Theory]
    [InlineData("tool zlib", "error: 'zlib' is already among the needs of 'tool'\n")]
    [InlineData("tool zlib:dev", "error: 'zlib:dev' is already among the needs of 'tool', as a part of 'zlib'\n")]
    [InlineData("zlib tool:doc tool:doc", "error: 'tool:doc' is already among the needs of 'zlib'\n")]
    [InlineData("tool tool", "error: 'tool' cannot need itself\n")]
    [InlineData("tool zlb", "error: there is no recipe 'zlb' in WORKSPACE; did you mean 'zlib'?\n")]
    [InlineData("tool zlib:dev:x", "error: 'zlib:dev:x' is neither PACKAGE nor PACKAGE:OUTPUT\n")]
    public async Task What_cannot_be_added_is_refused(string arguments, string message)
    {
        var before = ReadAll();
        var run = await workspace.RunAsync(["add", .. arguments.Split(' ')]);

        Assert.Equal(
            (message.Replace("WORKSPACE", workspace.Path, StringComparison.Ordinal), 1),
            (run.Error, run.ExitCode)
        );
        Assert.Equal(before, ReadAll());
    }

    [Theory]
    [InlineData("tool zlib:devel", "'zlib' has no output 'devel'")]
    [InlineData("tool toolchain", "'toolchain' lives in toolchain/; a recipe in pkgs/ may name only packages in pkgs/")]
    [InlineData("tool tool-image", "'tool-image' is an image; a package is needed here")]
    [InlineData("zlib tool", "tool needs zlib")]
    public async Task What_would_be_a_fault_is_not_written(string arguments, string message)
    {
        var before = ReadAll();
        var run = await workspace.RunAsync(["add", .. arguments.Split(' ')]);

        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.EndsWith("in the recipes; nothing was done\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(before, ReadAll());
    }

    [Fact]
    public async Task An_unknown_recipe_is_wrong_usage()
    {
        var run = await workspace.RunAsync("add", "tol", "zlib");

        Assert.Equal(
            (2, $"error: there is no recipe 'tol' in {workspace.Path}; did you mean 'tool'?\n"),
            (run.ExitCode, run.Error)
        );
    }

    private string[] ReadAll() =>
        [
            .. Directory
                .GetFiles(workspace.Path, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllText),
        ];

    public void Dispose() => workspace.Dispose();
}
