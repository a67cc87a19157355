using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Each fault that takes more than one recipe.</summary>
public class WorkspaceCheckerTests
{
    [Theory]
    [InlineData("needs = [\"zlob\"]", "4:10: error: there is no recipe 'zlob'; did you mean 'zlib'?")]
    [InlineData("needs = [\"quite-other\"]", "4:10: error: there is no recipe 'quite-other'")]
    [InlineData("needs = [\"zlib:dve\"]", "4:10: error: 'zlib' has no output 'dve'; did you mean 'dev'?")]
    [InlineData(
        "needs = [\"zlib:server\"]",
        "4:10: error: 'zlib' has no output 'server'; it has dev, doc, main, tools"
    )]
    [InlineData("needs = [\"zlib-image\"]", "4:10: error: 'zlib-image' is an image; a package is needed here")]
    [InlineData("needs = [\"seed\"]", "4:10: error: 'seed' is a seed; a package is needed here")]
    [InlineData("needs = [\"pinned\"]", "4:10: error: 'pinned' only pins a source and has no outputs")]
    [InlineData(
        "needs = [\"toolchain\"]",
        "4:10: error: 'toolchain' lives in toolchain/; a recipe in pkgs/ may name only packages in pkgs/"
    )]
    [InlineData(
        "[outputs.main]\nrequires = [\"toolchain\"]",
        "5:13: error: 'toolchain' lives in toolchain/; a recipe in pkgs/ may name only packages in pkgs/"
    )]
    [InlineData(
        "[test]\nscript = \"x\"\nneeds = [\"zlob\"]",
        "6:10: error: there is no recipe 'zlob'; did you mean 'zlib'?"
    )]
    [InlineData("[source]\nfrom = \"zlib\"", "5:8: error: 'zlib' has no source of its own to build from")]
    [InlineData("[source]\nfrom = \"zlob\"", "5:8: error: there is no recipe 'zlob'; did you mean 'zlib'?")]
    [InlineData(
        "[source]\nfrom = \"pinned\"\ninclude = { a = \"zlib\" }",
        "6:17: error: 'zlib' has no source of its own to build from"
    )]
    public void References_of_a_package(string text, string expected)
    {
        using var test = Some().Package("user", text);

        Assert.Equal([$"pkgs/user/recipe.toml:{expected}"], test.Faults());
    }

    [Theory]
    [InlineData("[image]\ninclude = [\"zlob\"]", "3:12: error: there is no recipe 'zlob'; did you mean 'zlib'?")]
    [InlineData(
        "[image]\ninclude = [\"toolchain\"]",
        "3:12: error: 'toolchain' lives in toolchain/; a recipe in pkgs/ may name only packages in pkgs/"
    )]
    [InlineData(
        "version-from = \"zlob\"\n[image]\ninclude = [\"zlib\"]",
        "2:16: error: there is no recipe 'zlob'; did you mean 'zlib'?"
    )]
    [InlineData("version-from = \"zlib\"\n[image]\ninclude = [\"zlib\"]", "2:16: error: 'zlib' has no version")]
    [InlineData(
        "version-from = \"versioned\"\n[image]\ninclude = [\"zlib\"]",
        "2:16: error: 'versioned' has no version of its own"
    )]
    [InlineData(
        "[image]\ninclude = [\"zlib\"]\nprebuilt = [\"zlib\"]",
        "4:13: error: 'zlib' is not prebuilt: it is built from source; leave it out here"
    )]
    [InlineData(
        "[image]\ninclude = [\"zlib\"]\nprebuilt = [\"zlob\"]",
        "4:13: error: there is no recipe 'zlob'; did you mean 'zlib'?"
    )]
    [InlineData(
        "[image]\ninclude = [\"zlib\"]\nprebuilt = [\"zlib-image\"]",
        "4:13: error: 'zlib-image' is an image; a package is needed here"
    )]
    public void References_of_an_image(string text, string expected)
    {
        using var test = Some()
            .Add("pkgs/versioned", "version-from = \"pinned\"\n[build]\nsystem = \"none\"\n")
            .Add("pkgs/user", text);

        Assert.Equal([$"pkgs/user/recipe.toml:{expected}"], test.Faults());
    }

    [Fact]
    public void A_package_is_prebuilt_if_any_part_of_its_source_was_made_outside()
    {
        using var test = Some()
            .Add("pkgs/made", "[source]\nartifact = \"bin/publish\"\n")
            .Add(
                "pkgs/mixed",
                "version = \"1\"\n[source]\narchive = \"https://example.org/x.tar\"\ninclude = { lib = \"made\" }\n"
            )
            .Package("own", "[source]\nartifact = \"out\"")
            .Package("from", "[source]\nfrom = \"made\"")
            .Package("through", "[source]\nfrom = \"mixed\"")
            .Package("with", "[source]\nfrom = \"pinned\"\ninclude = { lib = \"made\" }")
            .Package("none", "[source]\nfrom = \"pinned\"")
            .Add(
                "pkgs/user",
                "[image]\ninclude = [\"own\", \"from\", \"through\", \"with\"]\n"
                    + "prebuilt = [\"own\", \"from\", \"through\", \"with\"]\n"
            );

        Assert.Empty(test.Faults());
        Assert.Equal(
            ["from: bin/publish", "own: out", "through: bin/publish", "with: bin/publish"],
            test.Load()
                .Recipes.Values.OfType<PackageRecipe>()
                .Where(x => x.IsPrebuilt)
                .Select(x => $"{x.Name}: {x.PrebuiltFrom?.Folder}")
        );
        Assert.Equal(Path.Join(test.Root, "bin/publish"), test.Load().Recipes["made"].Artifact?.Directory);
    }

    [Fact]
    public void A_package_may_be_built_with_what_stands_for_it_and_no_other_with_that()
    {
        using var test = Some()
            .Add("toolchain/native-go", "[build]\nbase = \"seed\"\nsystem = \"none\"\nstands-for = \"go\"\n")
            .Package("go", "needs = [\"native-go\", \"native-go:docs\"]\n[outputs.main]\nrequires = [\"native-go\"]")
            .Package("other", "needs = [\"native-go\"]");

        const string refused =
            "error: 'native-go' lives in toolchain/; a recipe in pkgs/ may name only packages in pkgs/";
        Assert.Equal(
            [
                "pkgs/go/recipe.toml:4:23: error: 'native-go' has no output 'docs'; did you mean 'doc'?",
                $"pkgs/go/recipe.toml:6:13: {refused}",
                $"pkgs/other/recipe.toml:4:10: {refused}",
            ],
            test.Faults()
        );
    }

    [Fact]
    public void What_the_tables_of_several_kinds_name_is_looked_at_though_they_exclude_each_other()
    {
        using var test = Some()
            .Add(
                "pkgs/user",
                "[build]\nsystem = \"none\"\nneeds = [\"zlob\"]\n[image]\ninclude = [\"zlob\"]\n[source]\nfrom = "
                    + "\"zlob\"\n[test]\nscript = \"x\"\nneeds = [\"zlob\"]\n"
            )
            .Add("pkgs/other", "[image]\ninclude = [\"zlob\"]\n[source]\nfrom = \"zlob\"\n");

        const string unknown = "error: there is no recipe 'zlob'; did you mean 'zlib'?";
        Assert.Equal(
            [
                $"pkgs/other/recipe.toml:3:12: {unknown}",
                "pkgs/other/recipe.toml:4:2: error: only packages have a [source], and this has [image]",
                $"pkgs/other/recipe.toml:5:8: {unknown}",
                $"pkgs/user/recipe.toml:4:10: {unknown}",
                "pkgs/user/recipe.toml:5:2: error: [build] and [image] exclude each other: a recipe is a seed, a "
                    + "package, an image or a stack",
                $"pkgs/user/recipe.toml:6:12: {unknown}",
                $"pkgs/user/recipe.toml:8:8: {unknown}",
                $"pkgs/user/recipe.toml:11:10: {unknown}",
            ],
            test.Faults()
        );
    }

    [Theory]
    [InlineData("base = \"zlob\"", "4:8: error: there is no recipe 'zlob'; did you mean 'zlib'?")]
    [InlineData("base = \"pinned\"", "4:8: error: the base 'pinned' has to be a seed or a package with [build]")]
    [InlineData(
        "base = \"seed\"\nstands-for = \"zlob\"",
        "5:14: error: there is no recipe 'zlob'; did you mean 'zlib'?"
    )]
    [InlineData("base = \"seed\"\nstands-for = \"toolchain\"", "5:14: error: 'toolchain' is not a package in pkgs/")]
    public void References_of_the_toolchain(string text, string expected)
    {
        using var test = Some().Add("toolchain/user", "[build]\nsystem = \"none\"\n" + text);

        Assert.Equal([$"toolchain/user/recipe.toml:{expected}"], test.Faults());
    }

    [Fact]
    public void The_toolchain_may_need_what_it_likes_and_a_test_may_use_it()
    {
        using var test = Some()
            .Add(
                "toolchain/user",
                "[build]\nsystem = \"none\"\nbase = \"toolchain\"\nneeds = [\"zlib:dev\", "
                    + "\"toolchain\"]\nstands-for = \"zlib\"\n"
            )
            .Package("tested", "[test]\nscript = \"x\"\nneeds = [\"toolchain\"]");

        Assert.Empty(test.Faults());
    }

    [Fact]
    public void Two_recipes_of_one_name()
    {
        using var test = Some().Add("toolchain/zlib", "[build]\nbase = \"seed\"\nsystem = \"none\"\n");

        Assert.Equal(
            ["pkgs/zlib/recipe.toml:1:8: error: there is already a recipe 'zlib': toolchain/zlib/recipe.toml"],
            test.Faults()
        );
    }

    [Fact]
    public void Who_names_one_of_two_recipes_of_one_name_is_not_at_fault()
    {
        using var test = new TestWorkspace()
            .Add("toolchain/zlib", "[build]\nbase = \"seed\"\nsystem = \"none\"\n")
            .Package("zlib")
            .Package("perl", "needs = [\"zlib:dev\"]");

        Assert.Single(test.Faults());
    }

    [Fact]
    public void A_toolchain_that_is_none()
    {
        using var test = Some()
            .Add("toolchain/toolchain", "version = \"1\"\n[source]\narchive = \"https://example.org/x\"\n");

        Assert.Equal(
            [
                "pkgs/zlib/recipe.toml:2:1: error: 'toolchain' has to be a package in toolchain/: packages without "
                    + "'base' are built from it",
            ],
            test.Faults()
        );
    }

    private static TestWorkspace Some() =>
        new TestWorkspace()
            .Package("zlib")
            .Add("pkgs/pinned", "version = \"1\"\n[source]\narchive = \"https://example.org/x.tar\"\n")
            .Add("pkgs/zlib-image", "[image]\ninclude = [\"zlib\"]\n");
}
