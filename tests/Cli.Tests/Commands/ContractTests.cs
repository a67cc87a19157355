using Xunit;

namespace Recipes.Cli.Tests.Commands;

/// <summary>What <c>recipes contract</c> says of things that have no contract.</summary>
public sealed class ContractTests : IDisposable
{
    private const string NotStack =
        "is an image, not a stack (pkgs/tool-image/recipe.toml has no [stack]); there are: base";

    private readonly TestWorkspace workspace = new();

    public ContractTests() => workspace.WriteRecipe("pkgs/base", "[stack]\nruntime = \"tool-image\"\nmajor = 1");

    [Theory]
    [InlineData("contract check tool-image", $"'tool-image' {NotStack}")]
    [InlineData("contract accept tool-image", $"'tool-image' {NotStack}")]
    [InlineData("contract check nothing", "there is no recipe 'nothing' in ")]
    [InlineData(
        "contract show tool",
        "'tool' is a package, not an image (pkgs/tool/recipe.toml has no [image]); there are: tool-image"
    )]
    [InlineData("contract diff ./nothing base", "there is no file or folder './nothing'")]
    [InlineData("contract diff old.oci.tar base", "there is no file or folder 'old.oci.tar'")]
    [InlineData("build base", "'base' is a stack, of which there is nothing to build; its images are: tool-image")]
    [InlineData(
        "compose base",
        "'base' is a stack, not an image (pkgs/base/recipe.toml has no [image]); there are: tool-image"
    )]
    [InlineData(
        "shell base",
        "'base' is a stack, not a package (pkgs/base/recipe.toml has no [build]); its images are: tool-image"
    )]
    [InlineData("bump tool --break-contract", "--break-contract is for --build, which shows what breaks")]
    public async Task What_has_no_contract_is_wrong_usage(string line, string expected)
    {
        var run = await workspace.RunAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_composed_says_what_to_do()
    {
        var run = await workspace.RunAsync("contract", "check", "base");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("run: recipes compose tool-image", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_contracts_are_compared_and_their_faults_told()
    {
        workspace.Write("one.txt", "major = 1\ncommand /usr/bin/vi\nsize = 10\n");
        workspace.Write("two.txt", "major = 1\ncommand /usr/bin/ed\nsize = 9\n");
        workspace.Write("bad.txt", "major = 1\ncomand /usr/bin/ed\n");

        var difference = await workspace.RunAsync("contract", "diff", "one.txt", "two.txt");
        var json = await workspace.RunAsync("contract", "diff", "one.txt", "two.txt", "--json");
        var bad = await workspace.RunAsync("contract", "show", "bad.txt");
        var trouble = await workspace.RunAsync("contract", "diff", "one.txt", "bad.txt");
        workspace.Write("binary.txt", "a\0b");
        var binary = await workspace.RunAsync("contract", "diff", "one.txt", "binary.txt");

        Assert.Equal(1, difference.ExitCode);
        Assert.Equal(
            "- command /usr/bin/vi\n- size = 10\n+ size = 9\n+ command /usr/bin/ed\n1 broken, 2 new\n",
            difference.Out
        );
        Assert.Equal(2, trouble.ExitCode);
        Assert.Contains("error: 1 fault; nothing was compared", trouble.Error, StringComparison.Ordinal);
        Assert.Equal((2, "error: 'binary.txt' is neither an image nor a contract\n"), (binary.ExitCode, binary.Error));
        Assert.Contains("\"kind\": \"command\"", json.Out, StringComparison.Ordinal);
        Assert.Contains(
            "bad.txt:2:1: error: 'comand' is not a kind of promise; did you mean 'command'?\ncomand /usr/bin/ed\n^^^^^^\n",
            bad.Error,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => workspace.Dispose();
}
