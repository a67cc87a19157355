using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

/// <summary>why, impact, explain, files and owner, as far as nothing has to be built for them.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Fact]
    public async Task Why_tells_each_dependency_with_its_place()
    {
        var run = await workspace.RunAsync("why", "tool-image", "zlib:dev");

        Assert.Equal(
            "tool-image includes tool:main  (pkgs/tool-image/recipe.toml:5:12)\ntool needs zlib:dev  "
                + "(pkgs/tool/recipe.toml:7:10)\n",
            run.Out
        );
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Why_answers_as_json()
    {
        var run = await workspace.RunAsync("why", "tool", "zlib", "--json");

        using var json = JsonDocument.Parse(run.Out);
        var step = json.RootElement.GetProperty("dependencies")[0];
        Assert.Equal("need", step.GetProperty("kind").GetString());
        Assert.Equal("pkgs/tool/recipe.toml:7:10", step.GetProperty("place").GetString());
    }

    [Fact]
    public async Task Why_says_where_there_is_no_need()
    {
        var run = await workspace.RunAsync("why", "zlib", "tool");

        Assert.Equal("zlib does not need tool\n", run.Out);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Impact_lists_rebuilds_in_order_and_images()
    {
        var run = await workspace.RunAsync("impact", "zlib");

        Assert.Equal(
            "rebuilt  last time\nzlib             -\ntool             -\n"
                + "2 packages, 0.0 s one after the other; fewer if an output comes out unchanged\nimages: tool-image\n",
            run.Out
        );
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task Impact_answers_as_json()
    {
        var run = await workspace.RunAsync("impact", "zlib", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal("zlib", json.RootElement.GetProperty("packages")[0].GetProperty("package").GetString());
        Assert.Equal("tool-image", json.RootElement.GetProperty("images")[0].GetString());
    }

    [Fact]
    public async Task Explain_names_the_cause_and_what_waits_for_it()
    {
        var run = await workspace.RunAsync("explain", "tool");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("debian: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("recipes lock", run.Out, StringComparison.Ordinal);
        Assert.EndsWith(
            "then, unless what they need comes out unchanged: toolchain, tool\n",
            run.Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Explain_answers_as_json()
    {
        var run = await workspace.RunAsync("explain", "tool-image", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.False(json.RootElement.GetProperty("built").GetBoolean());
        Assert.Equal("faulty", json.RootElement.GetProperty("causes")[0].GetProperty("standing").GetString());
        Assert.Equal(
            ["toolchain", "tool"],
            json.RootElement.GetProperty("waiting").EnumerateArray().Select(x => x.GetString())
        );
    }

    [Theory]
    [InlineData("files", "zlib", "error: 'zlib' is not built as its recipe is now; run: recipes build zlib\n")]
    [InlineData("diff", "zlib:dev tool", "error: 'zlib' is not built as its recipe is now; run: recipes build zlib\n")]
    [InlineData(
        "diff",
        "tool-image tool",
        "error: tool:main of 'tool-image' is not built as the recipes are now; run: recipes compose tool-image\n"
    )]
    [InlineData(
        "why",
        "tool-image usr/bin/tool",
        "error: tool:main of 'tool-image' is not built as the recipes are now; run: recipes compose tool-image\n"
    )]
    public async Task What_is_not_built_is_an_error_that_says_what_to_run(
        string command,
        string arguments,
        string message
    )
    {
        var run = await workspace.RunAsync([command, .. arguments.Split(' ')]);

        Assert.Equal(message, run.Error);
        Assert.Equal(command == "diff" ? 2 : 1, run.ExitCode);
    }

    [Theory]
    [InlineData("why", "zlb tool")]
    [InlineData("why", "tool zlb")]
    [InlineData("impact", "zlb")]
    [InlineData("explain", "zlb")]
    [InlineData("files", "zlb:dev")]
    public async Task An_unknown_recipe_is_wrong_usage_and_gets_a_guess(string command, string arguments)
    {
        var run = await workspace.RunAsync([command, .. arguments.Split(' ')]);

        Assert.Equal($"error: there is no recipe 'zlb' in {workspace.Path}; did you mean 'zlib'?\n", run.Error);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task A_file_without_owner_is_said_to_have_none_and_what_was_not_looked_into()
    {
        var run = await workspace.RunAsync("owner", "/usr/bin/tool");

        Assert.Equal("no built output holds /usr/bin/tool\n", run.Out);
        Assert.StartsWith(
            "warning: not built, so not looked into: debian, toolchain, ",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(1, run.ExitCode);
    }

    public void Dispose() => workspace.Dispose();
}
