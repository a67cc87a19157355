using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class OutputSplitterTests
{
    [Fact]
    public void Each_file_goes_to_the_first_output_with_a_matching_glob_and_the_rest_to_main()
    {
        var recipe = TestRecipe.Package(
            "hello",
            outputs: [TestRecipe.Output("server", "usr/bin/postgres"), TestRecipe.Output("client", "usr/bin/*")]
        );

        var outputs = Split(
            recipe,
            "usr/bin/postgres",
            "usr/bin/psql",
            "usr/include/a.h",
            "usr/share/man/man1/x.1",
            "etc/x"
        );

        Assert.Equal(["client", "dev", "doc", "main", "server"], outputs.Keys);
        Assert.Equal(["usr/bin/postgres"], outputs["server"]);
        Assert.Equal(["usr/bin/psql"], outputs["client"]);
        Assert.Equal(["etc/x"], outputs["main"]);
    }

    [Fact]
    public void A_library_is_dev_only_where_it_is_a_link()
    {
        var stage = new TreeBuilder();
        stage.AddFile("usr/lib/libc.so", Digest.Of("x"u8), isExecutable: true);
        stage.AddFile("usr/lib/libz.so.1", Digest.Of("y"u8), isExecutable: true);
        stage.AddLink("usr/lib/libz.so", "libz.so.1");

        var outputs = OutputSplitter.Split(TestRecipe.Package("hello").Outputs, stage.Build());

        Assert.Equal(["usr/lib/libz.so"], outputs["dev"]);
        Assert.Equal(["usr/lib/libc.so", "usr/lib/libz.so.1"], outputs["main"]);
    }

    [Theory]
    [InlineData("usr/lib/libz.so.1.3", "tools")]
    [InlineData("usr/lib/libz.so", "tools")]
    [InlineData("usr/lib/libz.a", "main")]
    [InlineData("usr/lib/zed/libz.so", "main")]
    [InlineData("usr/lib/module.so", "main")]
    public void Programs_are_tools_by_default_only_beside_a_library(string library, string expected)
    {
        var recipe = TestRecipe.Package("zed", outputs: []);
        recipe = recipe with { Outputs = [.. recipe.Outputs, new() { Name = "tools", Files = ["usr/bin/**"] }] };

        var outputs = Split(recipe, library, "usr/bin/zed");

        Assert.Contains("usr/bin/zed", outputs[expected]);
    }

    [Fact]
    public void A_main_with_globs_comes_before_the_defaults()
    {
        var recipe = TestRecipe.Package("headers", outputs: [TestRecipe.Output("main", "usr/include/**")]);

        Assert.Equal(["main"], Split(recipe, "usr/include/linux/types.h", "usr/lib/x").Keys);
    }

    [Fact]
    public void Empty_folders_are_kept_and_the_note_of_modes_is_not()
    {
        var stage = new TreeBuilder();
        stage.AddFolder("var/empty");
        stage.AddFile(BuildScript.ModesFile, Digest.Of("x"u8), isExecutable: false);

        var outputs = OutputSplitter.Split(TestRecipe.Package("hello").Outputs, stage.Build());

        Assert.Equal(["var/empty"], Assert.Single(outputs).Value);
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<
        string,
        System.Collections.Immutable.ImmutableSortedSet<string>
    > Split(PackageRecipe recipe, params string[] paths)
    {
        var stage = new TreeBuilder();
        foreach (var path in paths)
            stage.AddFile(path, Digest.Of("x"u8), isExecutable: false);
        return OutputSplitter.Split(recipe.Outputs, stage.Build());
    }
}
