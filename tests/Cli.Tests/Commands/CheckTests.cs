using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class CheckTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Fact]
    public async Task Recipes_without_faults_pass_once_they_are_locked()
    {
        using var sources = new SourceWorkspace();
        var before = await sources.RunAsync("check");
        Assert.Equal(1, before.ExitCode);
        Assert.Contains(
            "pkgs/words/recipe.toml:5:1: error: recipes.lock does not cover 'words'; run 'recipes lock'\n",
            before.Out,
            StringComparison.Ordinal
        );

        await sources.RunAsync("lock");
        var after = await sources.RunAsync("check");
        Assert.Equal("1 recipe, 0 faults\n", after.Out);
        Assert.Equal(0, after.ExitCode);
    }

    [Fact]
    public async Task Every_fault_of_every_recipe_is_shown_with_its_line_and_a_caret()
    {
        workspace.WriteRecipe(
            "pkgs/zlib",
            "version = \"1\"\nlicense = \"Zlib\"\n[build]\nsystem = \"autotools\"\nconfigre = []"
        );
        workspace.WriteRecipe(
            "pkgs/tool",
            "version = \"1\"\nlicense = \"MIT\"\n[build]\nsystem = \"make\"\nneeds = [\"zlibb\"]"
        );

        var run = await workspace.RunAsync("check");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("pkgs/zlib/recipe.toml:7:1: error: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("\nconfigre = []\n^^^^^^^^\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("pkgs/tool/recipe.toml:7:", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("5 recipes, 2 faults\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Out);
    }

    [Fact]
    public async Task Json_gives_the_place_of_each_fault()
    {
        workspace.WriteRecipe(
            "pkgs/tool",
            "version = \"1\"\nlicense = \"MIT\"\n[build]\nsystem = \"make\"\nneeds = [\"zlibb\"]"
        );

        var run = await workspace.RunAsync("check", "--json");

        using var json = JsonDocument.Parse(run.Out);
        var fault = json.RootElement.GetProperty("diagnostics").EnumerateArray().Single();
        Assert.Equal("pkgs/tool/recipe.toml", fault.GetProperty("file").GetString());
        Assert.Equal(7, fault.GetProperty("line").GetInt32());
        Assert.Contains("zlibb", fault.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task A_circle_of_needs_is_a_fault()
    {
        workspace.WriteRecipe(
            "pkgs/zlib",
            "version = \"1\"\nlicense = \"Zlib\"\n[build]\nsystem = \"none\"\nneeds = [\"tool\"]"
        );

        var run = await workspace.RunAsync("check");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("pkgs/zlib/recipe.toml:7", run.Out, StringComparison.Ordinal);
        Assert.Contains("pkgs/tool/recipe.toml:7", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_commands_do_nothing_while_there_are_faults()
    {
        workspace.Write("pkgs/zlib/recipe.toml", "name = ");

        var run = await workspace.RunAsync("graph");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains("pkgs/zlib/recipe.toml:1:", run.Error, StringComparison.Ordinal);
        Assert.Contains("in the recipes; nothing was done\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_workspace_is_found_from_a_folder_inside_it()
    {
        var run = await CliRun.InAsync(Path.Join(workspace.Path, "pkgs", "zlib"), "check");

        Assert.EndsWith("5 recipes, 2 faults\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_workspace_may_be_named_relative_to_the_current_folder()
    {
        var run = await CliRun.InAsync(Path.GetDirectoryName(workspace.Path)!, "check", "--workspace", "work space");

        Assert.EndsWith("5 recipes, 2 faults\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_any_workspace_the_error_says_what_was_looked_for()
    {
        using var elsewhere = new TemporaryDirectory();
        var run = await CliRun.InAsync(elsewhere.Path, "check");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            $"error: neither '{elsewhere.Path}' nor a folder above it",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => workspace.Dispose();
}
