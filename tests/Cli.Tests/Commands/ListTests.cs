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
    public async Task With_a_collection_it_says_whose_each_is()
    {
        workspace.Write("recipes.toml", "name = \"own\"\nformat = 1\n[collections]\nbase = \"base\"\n");
        workspace.Write("base/recipes.toml", "name = \"base\"\nformat = 1\n");
        workspace.WriteRecipe("base/pkgs/their-lib", "version = \"1\"\n[build]\nsystem = \"none\"");

        var run = await workspace.RunAsync("list");
        using var json = JsonDocument.Parse((await workspace.RunAsync("list", "their", "--json")).Out);

        Assert.Matches("^recipe +version +kind +of +summary\n", run.Out);
        Assert.Matches("\nzlib +\\S+ +package +- +", run.Out);
        Assert.Matches("\ntheir-lib +1 +package +base +", run.Out);
        Assert.Equal("base", json.RootElement.GetProperty("recipes")[0].GetProperty("collection").GetString());
    }

    [Fact]
    public async Task A_page_has_tables_of_images_and_packages()
    {
        var run = await workspace.RunAsync("list", "--markdown");

        Assert.Equal(
            """
            | image | | version | files |
            | --- | --- | --- | ---: |
            | `tool-image` | For tests | 2 | – |

            | package | | version | license | files | in |
            | --- | --- | --- | --- | ---: | --- |
            | `tool` | For tests | 2 | MIT | – | `tool-image` |
            | `zlib` | For tests | 1.3.1 | Zlib | – | – |

            """,
            run.Out
        );
    }

    [Theory]
    [InlineData("zlib", "--markdown writes the whole collection; leave WORD out")]
    [InlineData("--json", "--markdown and --json exclude each other")]
    public async Task A_page_is_of_all_and_no_json(string other, string expected)
    {
        var run = await workspace.RunAsync("list", "--markdown", other);

        Assert.Equal((2, $"error: {expected}\n"), (run.ExitCode, run.Error));
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
