using System.Text.Json;
using Recipes.Engine.Graph;
using Recipes.Engine.Pictures;
using Recipes.Engine.Tests.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Graph;

public class GraphExportTests
{
    [Theory]
    [InlineData(nameof(GraphFormat.Tree), "graph.tree.txt")]
    [InlineData(nameof(GraphFormat.Dot), "graph.dot")]
    [InlineData(nameof(GraphFormat.Mermaid), "graph.mermaid")]
    [InlineData(nameof(GraphFormat.Json), "graph.json")]
    [InlineData(nameof(GraphFormat.Svg), "graph.svg")]
    public void The_whole_graph(string format, string golden)
    {
        using var test = Some();

        Golden.Matches(golden, GraphExport.Write(RecipeGraph.Create(test.Load()), [], Enum.Parse<GraphFormat>(format)));
    }

    [Fact]
    public void The_part_of_some_names()
    {
        using var test = Some();

        Golden.Matches(
            "graph.part.txt",
            GraphExport.Write(RecipeGraph.Create(test.Load()), ["libstdc++", "zlib"], GraphFormat.Tree)
        );
    }

    [Fact]
    public void A_graph_with_a_cycle_can_be_shown()
    {
        using var test = new TestWorkspace().Package("a", "needs = [\"b:main\"]").Package("b", "needs = [\"a:main\"]");

        Assert.Contains(
            "needs main",
            GraphExport.Write(RecipeGraph.Create(test.Load()), ["a"], GraphFormat.Tree),
            StringComparison.Ordinal
        );
        Assert.Contains(
            ">b</text>",
            GraphExport.Write(RecipeGraph.Create(test.Load()), ["a"], GraphFormat.Svg),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Json_is_json()
    {
        using var test = Some();

        using var json = JsonDocument.Parse(
            GraphExport.Write(RecipeGraph.Create(test.Load()), ["zlib"], GraphFormat.Json)
        );
        Assert.Equal(3, json.RootElement.GetProperty("recipes").GetArrayLength());
    }

    [Fact]
    public void A_name_that_does_not_exist()
    {
        using var test = Some();

        var exception = Assert.Throws<EngineException>(() =>
            GraphExport.Write(RecipeGraph.Create(test.Load()), ["zlob"], GraphFormat.Dot)
        );
        Assert.Equal($"there is no recipe 'zlob' in {test.Root}; did you mean 'zlib'?", exception.Message);
    }

    private static TestWorkspace Some() =>
        new TestWorkspace()
            .Package("zlib")
            .Add(
                "pkgs/gcc",
                "version = \"14.2.0\"\n[source]\narchive = \"https://example.org/gcc.tar\"\n[build]\nsystem = "
                    + "\"none\"\n"
            )
            .Package("libstdc++", "[source]\nfrom = \"gcc\"")
            .Package("tzdata")
            .Package(
                "postgres",
                "needs = [\"zlib\"]\n[outputs]\nserver = [\"usr/bin/*\"]\n[outputs.main]\nrequires = [\"tzdata\"]"
            )
            .Add("pkgs/postgres-image", "[image]\ninclude = [\"postgres:server\", \"postgres\", \"libstdc++\"]\n");
}
