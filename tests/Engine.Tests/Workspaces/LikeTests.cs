using Recipes.Engine.Building.Planning;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Editing;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary><c>[build] like</c>: a recipe that says only what differs from another.</summary>
public sealed class LikeTests : IDisposable
{
    private readonly TestWorkspace test = new();

    public LikeTests() =>
        test.Package("tool")
            .Package("other")
            .Add(
                "pkgs/lib",
                """
                [build]
                needs       = ["tool"]
                system      = "autotools"
                configure   = ["--shared"]
                install     = ["-k"]
                out-of-tree = true
                strip       = false
                hard-links  = "symlink"
                namespaces  = "it runs containers"
                environment = { CFLAGS = "-O2", LANG = "C" }
                variables   = { dir = "/a" }
                steps       = { prepare = "mkdir {dir}" }
                limits      = { memory = "1GB", time = "1h" }
                """
            );

    [Fact]
    public void It_takes_over_all_that_it_does_not_say()
    {
        test.Add("toolchain/native", "[build]\nlike = \"lib\"\nbase = \"seed\"\nstands-for = \"lib\"");

        var (lib, native) = (Build("lib"), Build("native"));

        Assert.Equal(lib.Files, native.Files);
        Assert.Equal(lib.Build.AllNeeds, native.Build.AllNeeds);
        Assert.Equal(lib.Build.Environment, native.Build.Environment);
        Assert.Equal(lib.Build.Limits, native.Build.Limits);
        Assert.Equal("it runs containers", native.Build.NamespacesReason);
        Assert.Equal(("seed", "toolchain"), (native.Build.Base.Name, lib.Build.Base.Name));
        Assert.Equal("lib", native.Build.StandsFor!.Name);
        Assert.Null(lib.Build.StandsFor);
    }

    [Fact]
    public void What_it_says_counts_and_the_rest_stays()
    {
        test.Add(
            "pkgs/lib2",
            """
            [build]
            like        = "lib"
            needs       = ["other"]
            configure   = ["--static"]
            strip       = true
            environment = { CFLAGS = "-O1" }
            variables   = { dir = "/b" }
            steps       = { install = "cp a /stage" }
            limits      = { time = "2h" }
            """
        );

        var (lib, changed) = (Build("lib"), Build("lib2"));

        Assert.Equal(["other"], changed.Build.Needs.Select(x => x.Package));
        Assert.Equal(
            lib.Files["configure"].Replace("--shared", "--static", StringComparison.Ordinal),
            changed.Files["configure"]
        );
        Assert.Equal("mkdir /b\n", changed.Files["prepare"]);
        Assert.EndsWith("\ncp a /stage\n", changed.Files["install"], StringComparison.Ordinal);
        Assert.True(changed.Build.Strip);
        Assert.Equal(HardLinkTreatment.Symlink, changed.Build.HardLinks);
        Assert.Equal(("-O1", "C"), (changed.Build.Environment["CFLAGS"], changed.Build.Environment["LANG"]));
        Assert.Equal((1_000_000_000, 2), (changed.Build.Limits.MemoryBytes, changed.Build.Limits.Time?.Hours));
    }

    [Fact]
    public void It_may_be_like_one_that_is_like_another()
    {
        test.Add("pkgs/b", "[build]\nlike = \"lib\"\nconfigure = [\"--b\"]").Add("pkgs/a", "[build]\nlike = \"b\"");

        Assert.Equal(Build("b").Files, Build("a").Files);
    }

    [Theory]
    [InlineData("like = \"libb\"", "3:8: error: there is no recipe 'libb'; did you mean 'lib'?")]
    [InlineData(
        "like = \"seed\"",
        "3:8: error: 'seed' lives in toolchain/; a recipe in pkgs/ is like none but packages in pkgs/"
    )]
    [InlineData("like = \"img\"", "3:8: error: 'img' has no [build] to take over")]
    [InlineData("like = \"a\"", "3:8: error: 'a' is like itself, by way of: a")]
    [InlineData(
        "like = \"native\"",
        "3:8: error: 'native' lives in toolchain/; a recipe in pkgs/ is like none but packages in pkgs/"
    )]
    [InlineData(
        "like = \"lib\"\ncompile = [\"-x\"]\nsteps.compile = \"x\"",
        "4:1: error: the arguments 'compile' go nowhere: [build.steps] has its own 'compile'"
    )]
    [InlineData(
        "like = \"lib\"\nprepare = [\"-x\"]",
        "4:1: error: the arguments 'prepare' go nowhere: 'lib' writes that step itself"
    )]
    [InlineData(
        "like = \"lib\"\nsystem = \"make\"",
        "4:10: error: the system 'make' has no configure step; write one in [build.steps]"
    )]
    [InlineData("strip = false", "2:1: error: missing key 'system' in [build]")]
    public void What_cannot_be_taken_over_is_told(string build, string expected)
    {
        test.Add("toolchain/native", "[build]\nbase = \"seed\"\nsystem = \"none\"")
            .Add("pkgs/img", "[image]\ninclude = [\"lib\"]")
            .Add("pkgs/a", $"[build]\n{build}");

        Assert.Equal(["pkgs/a/recipe.toml:" + expected], test.Faults());
    }

    [Fact]
    public void Two_that_are_like_each_other_are_told_once()
    {
        test.Add("pkgs/a", "[build]\nlike = \"b\"").Add("pkgs/b", "[build]\nlike = \"a\"");

        Assert.Equal(["pkgs/b/recipe.toml:3:8: error: 'b' is like itself, by way of: a, b"], test.Faults());
    }

    [Fact]
    public void A_fault_of_the_other_is_told_there_alone()
    {
        test.Add("pkgs/bad", "[build]\nsystem = \"none\"\nneeds = [\"tol\"]\ninstall = [\"x\"]")
            .Add("pkgs/a", "[build]\nlike = \"bad\"");

        Assert.Equal(["pkgs/bad/recipe.toml:4", "pkgs/bad/recipe.toml:5"], test.Faults().Select(x => x[..22]));
    }

    [Fact]
    public void A_change_of_the_other_reaches_it()
    {
        test.Add("pkgs/a", "[build]\nlike = \"lib\"\nneeds = []");

        Assert.Equal(["a", "lib"], Impact.Of(RecipeGraph.Create(test.Load()), "lib").Packages.Order());
    }

    [Fact]
    public void A_need_that_is_added_does_not_drop_those_that_it_takes_over()
    {
        test.Add("pkgs/a", "[build]\nlike = \"lib\"");
        var workspace = test.Load();

        var edited = NeedEdit.Of(workspace, "a", ["other"]).Edited;

        Assert.Equal(["tool", "other"], edited.RequirePackage("a").Build.Needs.Select(x => x.ToString()));
    }

    public void Dispose() => test.Dispose();

    private (BuildSpec Build, IReadOnlyDictionary<string, string> Files) Build(string name)
    {
        var workspace = test.Load();
        Assert.Empty(workspace.Diagnostics);
        var recipe = workspace.RequirePackage(name);
        return (recipe.Build, BuildScript.Of(recipe).Files);
    }
}
