using System.Collections.Immutable;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Tests.Workspaces;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Graph;

public class RecipeGraphTests
{
    [Fact]
    public void What_is_needed_comes_first()
    {
        using var test = new TestWorkspace()
            .Package("a", "needs = [\"b\", \"c\"]")
            .Package("b", "needs = [\"c:dev\"]")
            .Package("c")
            .Package("d");

        Assert.Equal(["seed", "toolchain", "c", "b", "a"], Graph(test).BuildOrder(["a"]));
    }

    [Fact]
    public void Ties_are_settled_by_name()
    {
        using var test = new TestWorkspace()
            .Package("x")
            .Package("b")
            .Package("a")
            .Package("top", "needs = [\"x\", \"a\", \"b\"]");

        Assert.Equal(["seed", "toolchain", "a", "b", "x"], Graph(test).BuildOrder(["x", "b", "a"]));
    }

    [Fact]
    public void An_image_is_built_by_building_what_it_includes_and_what_that_requires()
    {
        using var test = new TestWorkspace()
            .Package("tzdata")
            .Package("postgres", "[outputs.main]\nrequires = [\"tzdata\"]")
            .Package("other")
            .Add("pkgs/postgres-image", "[image]\ninclude = [\"postgres\"]\n");

        var graph = Graph(test);

        Assert.Equal(["seed", "toolchain", "postgres", "tzdata"], graph.BuildOrder(["postgres-image"]));
        Assert.Equal(
            ["postgres:main", "postgres:tools", "tzdata:main", "tzdata:tools"],
            graph.ImageContent("postgres-image").Select(x => x.ToString())
        );
    }

    [Fact]
    public void What_an_output_requires_is_built_before_the_users_of_that_output()
    {
        using var test = new TestWorkspace()
            .Package("a", "needs = [\"b:main\"]")
            .Package("b", "[outputs.main]\nrequires = [\"c\"]")
            .Package("c");

        var graph = Graph(test);

        Assert.True(graph.BuildOrder(["a"]).IndexOf("c") >= 0);
        Assert.DoesNotContain("c", graph.BuildOrder(["b"]));
        Assert.Equal(
            ["toolchain:main", "b:main", "c:main", "c:tools"],
            graph.DirectNeeds("a").Select(x => x.ToString())
        );
    }

    [Fact]
    public void A_root_has_the_base_and_what_it_requires()
    {
        using var test = new TestWorkspace()
            .Add(
                "toolchain/gcc",
                "[build]\nbase = \"seed\"\nsystem = \"none\"\n[outputs.main]\nrequires = [\"musl:dev\"]\n"
            )
            .Add("toolchain/musl", "[build]\nbase = \"seed\"\nsystem = \"none\"\n")
            .Add(
                "toolchain/toolchain",
                "[build]\nbase = \"seed\"\nsystem = \"none\"\n[outputs.main]\nrequires = [\"gcc\"]\n"
            )
            .Package("zlib", "[outputs]\ndev = []")
            .Package("a", "needs = [\"zlib\"]");

        var graph = Graph(test);

        // dev of zlib is switched off; dev of musl brings its main.
        Assert.Equal(
            ["toolchain:main", "zlib:main", "zlib:tools", "gcc:main", "gcc:tools", "musl:dev", "musl:main"],
            graph.DirectNeeds("a").Select(x => x.ToString())
        );
        Assert.Equal(["seed:main"], graph.DirectNeeds("gcc").Select(x => x.ToString()));
        Assert.Equal(["seed", "toolchain", "gcc", "musl", "a"], graph.BuildOrder(["a"]).Where(x => x != "zlib"));
    }

    [Fact]
    public void A_source_needs_no_build()
    {
        using var test = new TestWorkspace()
            .Add("pkgs/gmp", "version = \"1\"\n[source]\narchive = \"https://example.org/gmp\"\n")
            .Add(
                "pkgs/gcc",
                "version = \"1\"\n[source]\narchive = \"https://example.org/gcc\"\ninclude = { gmp = \"gmp\" "
                    + "}\n[build]\nsystem = \"none\"\nneeds = [\"m4\"]\n"
            )
            .Package("m4")
            .Package("cross", "[source]\nfrom = \"gcc\"");

        var graph = Graph(test);

        Assert.Equal(["seed", "toolchain", "cross"], graph.BuildOrder(["cross"]));
        Assert.Equal(["gcc", "seed"], graph.Pins(["cross"]));
        Assert.Equal(["gcc", "gmp", "seed"], graph.Pins(["gcc"]));
        Assert.Equal(["gmp"], graph.Pins(["gmp"]));
        Assert.Equal(
            "'gmp' only pins a source for others to build from; there is nothing to build; packages that build from "
                + "it: gcc",
            Assert.Throws<EngineException>(() => graph.BuildOrder(["gmp"])).Message
        );
    }

    [Fact]
    public void Needs_in_both_directions_at_run_time_are_no_cycle()
    {
        using var test = new TestWorkspace()
            .Package("a", "[outputs.main]\nrequires = [\"b\"]")
            .Package("b", "[outputs.main]\nrequires = [\"a\"]")
            .Package("c", "needs = [\"a\"]");

        var graph = Graph(test);

        Assert.Empty(graph.Diagnostics);
        Assert.Equal(["seed", "toolchain", "a", "b", "c"], graph.BuildOrder(["c"]));
        Assert.Equal(
            ["toolchain:main", "a:main", "a:tools", "a:dev", "b:main", "b:tools"],
            graph.DirectNeeds("c").Select(x => x.ToString())
        );
    }

    [Fact]
    public void A_cycle_is_told_by_its_shortest_loop_with_every_place()
    {
        using var test = new TestWorkspace()
            .Package("a", "needs = [\"b:dev\"]")
            .Package("b", "needs = [\"c:main\", \"d:main\"]")
            .Package("c", "needs = [\"d:main\"]")
            .Package("d", "needs = [\"e:main\"]")
            .Package("e", "needs = [\"a:main\", \"b:main\"]");

        Assert.Equal(
            "pkgs/b/recipe.toml:4:20: error: dependency cycle: b needs d:main (pkgs/b/recipe.toml:4), "
                + "d needs e:main (pkgs/d/recipe.toml:4), e needs b:main (pkgs/e/recipe.toml:4)\n"
                + "needs = [\"c:main\", \"d:main\"]\n"
                + "                   ^^^^^^^^",
            Assert.Single(Graph(test).Diagnostics).ToString()
        );
    }

    [Fact]
    public void A_cycle_may_pass_through_what_an_output_requires()
    {
        using var test = new TestWorkspace()
            .Package("a", "needs = [\"b:main\"]")
            .Package("b", "[outputs.main]\nrequires = [\"a\"]");

        Assert.Equal(
            "dependency cycle: a needs b:main (pkgs/a/recipe.toml:4), b:main requires a:main (pkgs/b/recipe.toml:5)",
            Assert.Single(Graph(test).Diagnostics).Message
        );
    }

    [Fact]
    public void A_recipe_that_needs_itself_is_a_cycle()
    {
        using var test = new TestWorkspace().Package("a", "needs = [\"a:main\"]");

        Assert.Equal(
            "dependency cycle: a needs a:main (pkgs/a/recipe.toml:4)",
            Assert.Single(Graph(test).Diagnostics).Message
        );
    }

    [Fact]
    public void A_toolchain_built_from_itself_is_a_cycle()
    {
        using var test = new TestWorkspace().Add("toolchain/toolchain", "[build]\nsystem = \"none\"\n");

        Assert.Equal(
            "dependency cycle: toolchain is built from toolchain (toolchain/toolchain/recipe.toml:2)",
            Assert.Single(Graph(test).Diagnostics).Message
        );
    }

    [Fact]
    public void Each_of_two_cycles_is_told()
    {
        using var test = new TestWorkspace()
            .Package("a", "needs = [\"b:main\"]")
            .Package("b", "needs = [\"a:main\"]")
            .Package("c", "needs = [\"d:main\"]")
            .Package("d", "needs = [\"c:main\"]");

        Assert.Equal(2, Graph(test).Diagnostics.Length);
    }

    [Fact]
    public void A_name_that_does_not_exist()
    {
        using var test = new TestWorkspace().Package("zlib");

        Assert.Equal(
            $"there is no recipe 'zlob' in {test.Root}; did you mean 'zlib'?",
            Assert.Throws<EngineException>(() => Graph(test).BuildOrder(["zlob"])).Message
        );
    }

    [Fact]
    public void Dependents_are_told_with_the_way_they_depend()
    {
        using var test = new TestWorkspace()
            .Package("zlib")
            .Package("perl", "needs = [\"zlib:dev\"]")
            .Package("git", "[outputs.main]\nrequires = [\"zlib\"]")
            .Add("pkgs/image", "[image]\ninclude = [\"zlib\"]\n");

        Assert.Equal(
            [
                "git:main requires zlib:main",
                "git:main requires zlib:tools",
                "image includes zlib:main",
                "image includes zlib:tools",
                "perl needs zlib:dev",
                "zlib:dev requires zlib:main",
                "zlib:tools requires zlib:main",
            ],
            Graph(test).Dependents("zlib").Select(x => x.ToString())
        );
    }

    [Fact]
    public void A_chain_of_any_length_is_ordered()
    {
        var recipes = Enumerable
            .Range(0, 3000)
            .Select(Recipe (i) => Link($"p{i:0000}", i == 0 ? [] : [$"p{i - 1:0000}"]));
        var workspace = new Workspace(
            "/",
            recipes.ToImmutableSortedDictionary(x => x.Name, x => x, StringComparer.Ordinal),
            []
        );

        var order = RecipeGraph.Create(workspace).BuildOrder(["p2999"]);

        Assert.Equal(Enumerable.Range(0, 3000).Select(x => $"p{x:0000}"), order);
    }

    /// <summary>A package that needs and requires others; files for so many would only make the test slow.</summary>
    private static PackageRecipe Link(string name, string[] others)
    {
        var span = new SourceSpan($"pkgs/{name}/recipe.toml", 1, 1, 1, "");
        var references = others.Select(x => new OutputReference(x, "main", span)).ToImmutableArray();
        return new PackageRecipe
        {
            Name = name,
            NameSpan = span,
            Area = RecipeArea.Packages,
            Folder = "",
            File = span.File,
            Build = new BuildSpec { Base = new RecipeReference("absent", span), Needs = references },
            Outputs = [new OutputSpec { Name = "main", Requires = references }],
        };
    }

    private static RecipeGraph Graph(TestWorkspace test)
    {
        var workspace = test.Load();
        Assert.Empty(workspace.Diagnostics);
        return RecipeGraph.Create(workspace);
    }
}
