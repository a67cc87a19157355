using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class GraphTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Theory]
    [InlineData("tree", "tool-image\n└── tool")]
    [InlineData("dot", "digraph recipes {")]
    [InlineData("mermaid", "flowchart LR\n")]
    [InlineData("svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=")]
    [InlineData("json", "{")]
    public async Task Each_format_draws_the_whole_workspace(string format, string start)
    {
        var run = await workspace.RunAsync("graph", "--format", format);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith(start, run.Out, StringComparison.Ordinal);
        Assert.All((string[])["debian", "toolchain", "zlib", "tool", "tool-image"], x =>
            Assert.Contains(x, run.Out, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task From_one_recipe_only_what_it_needs_is_drawn()
    {
        var run = await workspace.RunAsync("graph", "zlib");

        Assert.Contains("toolchain", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("tool-image", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_same_by_format_and_by_the_global_option()
    {
        var byFormat = await workspace.RunAsync("graph", "--format", "json");
        var byOption = await workspace.RunAsync("graph", "--json");

        Assert.Equal(byFormat.Out, byOption.Out);
        using var json = JsonDocument.Parse(byFormat.Out);
        Assert.Equal(5, json.RootElement.GetProperty("recipes").GetArrayLength());
    }

    [Fact]
    public async Task An_unknown_format_is_wrong_usage()
    {
        var run = await workspace.RunAsync("graph", "--format", "png");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            "error: unknown format 'png'; there are: tree, dot, mermaid, svg, json\nsee: recipes graph --help\n",
            run.Error
        );
    }

    [Fact]
    public async Task An_unknown_recipe_is_wrong_usage_and_gets_a_guess()
    {
        var run = await workspace.RunAsync("graph", "zlb");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal($"error: there is no recipe 'zlb' in {workspace.Path}; did you mean 'zlib'?\n", run.Error);
    }

    public void Dispose() => workspace.Dispose();
}
