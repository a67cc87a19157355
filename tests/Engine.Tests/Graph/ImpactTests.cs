using Recipes.Engine.Graph;
using Recipes.Engine.Tests.Workspaces;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Graph;

public sealed class ImpactTests : IDisposable
{
    private readonly TestWorkspace test = new TestWorkspace()
        .Package("zlib")
        .Package("tool", "needs = [\"zlib\"]")
        .Package("user", "needs = [\"tool:main\"]")
        .Package("bystander")
        .Add("pkgs/tool-image", "[image]\ninclude = [\"tool\"]\n")
        .Add("pkgs/other-image", "[image]\ninclude = [\"bystander\"]\n");

    [Fact]
    public void A_change_reaches_all_that_is_built_on_it_in_order_and_their_images()
    {
        var impact = Impact.Of(Graph, "zlib");

        Assert.Equal(["zlib", "tool", "user"], impact.Packages);
        Assert.Equal(["tool-image"], impact.Images);
    }

    [Fact]
    public void A_change_of_the_seed_reaches_everything()
    {
        var impact = Impact.Of(Graph, "seed");

        Assert.Equal(Graph.BuildOrder(["bystander", "user"]), impact.Packages);
        Assert.Equal(["other-image", "tool-image"], impact.Images);
    }

    [Fact]
    public void A_change_of_an_image_builds_no_package()
    {
        var impact = Impact.Of(Graph, "tool-image");

        Assert.Empty(impact.Packages);
        Assert.Equal(["tool-image"], impact.Images);
    }

    [Fact]
    public void Who_builds_from_the_source_of_a_recipe_is_reached_too()
    {
        test.Add(
            "pkgs/zlib",
            "version = \"1\"\n[source]\narchive = \"https://example.org/z.tar.gz\"\n[build]\nsystem = \"make\"\n"
        );
        test.Add("pkgs/twin", "version = \"1\"\n[source]\nfrom = \"zlib\"\n[build]\nsystem = \"make\"\n");

        Assert.Equal(["tool", "twin", "user", "zlib"], Impact.Of(Graph, "zlib").Packages.Order());
    }

    [Fact]
    public void The_shortest_way_from_one_recipe_to_another_is_told_with_its_places()
    {
        var path = DependencyPath.Find(Graph, "tool-image", "zlib");

        Assert.Equal(["tool-image includes tool:main", "tool needs zlib:main"], path.Select(x => x.ToString()));
        Assert.All(path, x => Assert.NotNull(x.Span));
    }

    [Fact]
    public void The_way_ends_at_the_output_that_was_asked_for()
    {
        Assert.Equal(
            ["tool needs zlib:dev"],
            DependencyPath.Find(Graph, "tool", "zlib", "dev").Select(x => x.ToString())
        );
    }

    [Fact]
    public void Where_nothing_leads_there_is_no_way()
    {
        Assert.Empty(DependencyPath.Find(Graph, "zlib", "tool"));
        Assert.Empty(DependencyPath.Find(Graph, "bystander", "zlib"));
    }

    public void Dispose() => test.Dispose();

    private RecipeGraph Graph
    {
        get
        {
            var workspace = Workspace.Load(test.Root);
            Assert.Empty(workspace.Diagnostics.Select(x => x.ToString()));
            return RecipeGraph.Create(workspace);
        }
    }
}
