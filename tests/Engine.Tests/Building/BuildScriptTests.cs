using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class BuildScriptTests
{
    [Fact]
    public void Autotools_configures_compiles_and_installs_with_the_arguments_of_the_recipe()
    {
        var recipe = TestRecipe.Package("hello");
        recipe = recipe with
        {
            Build = recipe.Build with
            {
                Arguments = recipe
                    .Build.Arguments.Add("configure", ["--shared", "CFLAGS=-O2 -g"])
                    .Add("compile", ["all"]),
            },
        };

        var script = BuildScript.Of(recipe);

        Assert.Equal(["configure", "compile", "install", "finish"], script.Steps);
        Assert.Equal(
            "./configure --prefix=/usr --sbindir=/usr/bin --libdir=/usr/lib --sysconfdir=/etc --localstatedir=/var "
                + "--shared 'CFLAGS=-O2 -g'\n",
            script.Files["configure"]
        );
        Assert.Equal("make all\n", script.Files["compile"]);
        Assert.Equal("make install DESTDIR=/stage\n", script.Files["install"]);
    }

    [Fact]
    public void A_step_of_the_recipe_takes_the_place_of_the_system()
    {
        var recipe = TestRecipe.Package("hello");
        recipe = recipe with { Build = recipe.Build with { Steps = Steps(("compile", "make -f other\n")) } };

        Assert.Equal("make -f other\n", BuildScript.Of(recipe).Files["compile"]);
    }

    [Fact]
    public void Building_out_of_the_tree_runs_each_step_in_its_own_directory()
    {
        var recipe = TestRecipe.Package("hello");
        recipe = recipe with { Build = recipe.Build with { OutOfTree = true } };

        var script = BuildScript.Of(recipe);

        Assert.StartsWith(
            "mkdir -p /tmp/objects\ncd /tmp/objects\n/build/configure ",
            script.Files["configure"],
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "mkdir -p /tmp/objects\ncd /tmp/objects\nmake",
            script.Files["compile"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void No_system_runs_only_what_the_recipe_writes()
    {
        var recipe = TestRecipe.Package("hello", BuildSystem.None);
        recipe = recipe with { Build = recipe.Build with { Steps = Steps(("install", "cp a /stage/\n")) } };

        Assert.Equal(["install", "finish"], BuildScript.Of(recipe).Steps);
    }

    [Fact]
    public void Hard_links_change_the_last_step_only_where_the_recipe_asks_for_symbolic_ones()
    {
        var recipe = TestRecipe.Package("hello");
        var plain = BuildScript.Of(recipe).Files;

        var kept = BuildScript.Of(With(HardLinkTreatment.Keep)).Files;
        var linked = BuildScript.Of(With(HardLinkTreatment.Symlink)).Files;

        Assert.Equal(plain, kept);
        Assert.DoesNotContain("ln -s", plain["finish"], StringComparison.Ordinal);
        Assert.Equal(["finish"], plain.Keys.Where(x => plain[x] != linked[x]));
        Assert.DoesNotContain(BuildScript.LinksFile, linked["finish"], StringComparison.Ordinal);

        PackageRecipe With(HardLinkTreatment hardLinks) =>
            recipe with
            {
                Build = recipe.Build with { HardLinks = hardLinks },
            };
    }

    private static ImmutableSortedDictionary<string, StepScript> Steps(params (string Name, string Text)[] steps) =>
        steps.ToImmutableSortedDictionary(x => x.Name, x => StepScript.Of(x.Text), StringComparer.Ordinal);
}
