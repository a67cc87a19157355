using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class ListTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task All_recipes_are_listed_with_their_kind()
    {
        var run = await workspace.RunAsync("list");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("^recipe +version +kind +summary\n", run.Out);
        Assert.Matches("\nzlib +\\S+ +package", run.Out);
        Assert.Matches("\ntool-image +\\S+ +image", run.Out);
    }

    [Fact]
    public async Task A_word_narrows_the_list_in_any_case()
    {
        using var json = JsonDocument.Parse((await workspace.RunAsync("list", "TOOL-I", "--json")).Out);

        Assert.Equal(
            ["tool-image"],
            json.RootElement.GetProperty("recipes").EnumerateArray().Select(x => x.GetProperty("name").GetString())
        );
    }

    [Fact]
    public async Task A_word_that_nothing_has_is_told()
    {
        var run = await workspace.RunAsync("list", "nosuch");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("error: no recipe has 'nosuch' in its name or summary\n", run.Error);
    }
}
