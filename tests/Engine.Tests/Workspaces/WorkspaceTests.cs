using System.Runtime.CompilerServices;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class WorkspaceTests
{
    [Fact]
    public void Reads_all_areas()
    {
        using var test = new TestWorkspace().Package("zlib").Package("perl");

        var workspace = test.Load();

        Assert.Empty(workspace.Diagnostics);
        Assert.Equal(["perl", "seed", "toolchain", "zlib"], workspace.Recipes.Keys);
        Assert.Equal(RecipeArea.Toolchain, workspace.Recipes["toolchain"].Area);
        Assert.Equal("pkgs/zlib/recipe.toml", workspace.Recipes["zlib"].File);
        Assert.Equal(Path.Combine(test.Root, "pkgs/zlib"), workspace.Recipes["zlib"].Folder);
    }

    [Fact]
    public void The_recipes_of_this_project_have_no_faults()
    {
        var workspace = Workspace.Load(Workspace.Find(ThisFolder()), TestContext.Current.CancellationToken);

        Assert.Empty(workspace.Diagnostics);
        Assert.Empty(RecipeGraph.Create(workspace).Diagnostics);
    }

    [Fact]
    public void Many_recipes_are_read_as_few_are()
    {
        using var test = new TestWorkspace();
        for (var i = 0; i < 200; i++)
            test.Package($"p{i}", i == 0 ? "" : $"needs = [\"p{i - 1}\"]");

        var workspace = test.Load();

        Assert.Empty(workspace.Diagnostics);
        Assert.Equal(202, workspace.Recipes.Count);
    }

    [Fact]
    public void Is_found_from_a_folder_below_it()
    {
        using var test = new TestWorkspace().Package("zlib");

        Assert.Equal(test.Root, Workspace.Find(Path.Combine(test.Root, "pkgs", "zlib")));
    }

    [Fact]
    public void Is_found_by_its_lock_alone()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("recipes.lock", "");

        Assert.Equal(directory.Path, Workspace.Find(directory.Path));
    }

    [Fact]
    public void Says_where_none_is_found()
    {
        using var directory = new TemporaryDirectory();

        var exception = Assert.Throws<EngineException>(() => Workspace.Find(directory.Path));
        Assert.Equal(
            $"neither '{directory.Path}' nor a folder above it holds recipes.toml, recipes.lock or pkgs/; go to a "
                + $"checkout of the recipes",
            exception.Message
        );
    }

    [Fact]
    public void Says_that_a_folder_does_not_exist() =>
        Assert.Equal(
            "the workspace '/nowhere' does not exist",
            Assert
                .Throws<EngineException>(() => Workspace.Load("/nowhere", TestContext.Current.CancellationToken))
                .Message
        );

    [Fact]
    public void A_folder_with_files_but_no_recipe_is_a_fault()
    {
        using var test = new TestWorkspace().Write("pkgs/zlib/Recipe.toml", "");

        Assert.Equal(["pkgs/zlib/recipe.toml:1:1: error: the folder has no recipe.toml"], test.Faults());
    }

    [Fact]
    public void A_folder_with_nothing_but_a_source_is_left_over()
    {
        using var test = new TestWorkspace()
            .Write("pkgs/zlib/source/configure", "")
            .Write("pkgs/.git/x", "")
            .Write("pkgs/README", "");

        Assert.Empty(test.Faults());
    }

    [Fact]
    public void A_recipe_that_is_not_text_is_a_fault()
    {
        using var test = new TestWorkspace().Package("zlib");
        File.WriteAllBytes(Path.Combine(test.Root, "pkgs/zlib/recipe.toml"), [0x6e, 0xff, 0xfe]);

        Assert.Equal(["pkgs/zlib/recipe.toml:1:1: error: the file is not UTF-8 text"], test.Faults());
    }

    [Fact]
    public void An_image_takes_the_version_of_its_package()
    {
        using var test = new TestWorkspace()
            .Add("pkgs/postgres", "version = \"17.11\"\n[build]\nsystem = \"none\"\n")
            .Add("pkgs/postgres-image", "version-from = \"postgres\"\n[image]\ninclude = [\"postgres\"]\n");

        Assert.Empty(test.Faults());
        Assert.Equal("17.11", test.Load().Recipes["postgres-image"].Version);
    }

    [Fact]
    public void A_recipe_that_is_not_TOML_does_not_make_its_users_faulty()
    {
        using var test = new TestWorkspace()
            .Package("perl", "needs = [\"zlib:dev\"]")
            .Write("pkgs/zlib/recipe.toml", "name = \n");

        Assert.Equal(["pkgs/zlib/recipe.toml:1:8: error: this is not TOML: the value is missing"], test.Faults());
    }

    [Fact]
    public void Without_a_toolchain_there_is_one_fault_for_all()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("pkgs/a/recipe.toml", "name = \"a\"\n[build]\nsystem = \"none\"\n");
        directory.Write("pkgs/b/recipe.toml", "name = \"b\"\n[build]\nsystem = \"none\"\n");

        Assert.Equal(
            "pkgs/a/recipe.toml:2:1: error: there is no recipe 'toolchain', from which packages without 'base' are "
                + "built",
            Assert
                .Single(Workspace.Load(directory.Path, TestContext.Current.CancellationToken).Diagnostics)
                .ToString()
                .Split('\n')[0]
        );
    }

    private static string ThisFolder([CallerFilePath] string testFile = "") => Path.GetDirectoryName(testFile)!;
}
