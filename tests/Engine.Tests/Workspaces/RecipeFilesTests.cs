using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class RecipeFilesTests
{
    [Fact]
    public void Everything_but_the_recipe_and_its_source()
    {
        using var test = new TestWorkspace()
            .Package("zlib")
            .Write("pkgs/zlib/source/configure", "")
            .Write("pkgs/zlib/b.patch", "")
            .Write("pkgs/zlib/B.patch", "")
            .Write("pkgs/zlib/files/source/run", "")
            .Write("pkgs/zlib/.hidden~", "")
            .Write("pkgs/zlib/files/recipe.toml", "");
        var script = Path.Combine(test.Root, "pkgs/zlib/files/source/run");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var files = RecipeFiles.List(test.Load().Recipes["zlib"]);

        Assert.Equal(
            [".hidden~", "B.patch", "b.patch", "files/recipe.toml", "files/source/run"],
            files.Select(x => x.RelativePath)
        );
        Assert.Equal(script, Assert.Single(files, x => x.IsExecutable).AbsolutePath);
    }

    [Fact]
    public void What_was_made_outside_in_the_folder_is_the_source_and_no_file_of_the_recipe()
    {
        using var test = new TestWorkspace()
            .Package("x", "[source]\nartifact = \"pkgs/x/out/publish\"")
            .Write("pkgs/x/out/publish/app", "")
            .Write("pkgs/x/out/notes", "");
        File.CreateSymbolicLink(Path.Combine(test.Root, "pkgs/x/out/publish/link"), "app");

        Assert.Equal(["out/notes"], RecipeFiles.List(test.Load().Recipes["x"]).Select(x => x.RelativePath));
    }

    [Fact]
    public void Archives_of_a_source_in_the_folder_are_no_files_of_the_recipe_whatever_their_version()
    {
        using var test = new TestWorkspace()
            .Write(
                "pkgs/x/recipe.toml",
                """
                name = "x"
                version = "1.0"
                [source]
                archive = "file:x-{version}.tar"
                mirrors = ["file:old/{version}/x.tar", "https://x.org/x-{version}.zip"]
                [build]
                system = "none"
                """
            )
            .Write("pkgs/x/x-1.0.tar", "")
            .Write("pkgs/x/x-1.1.tar", "")
            .Write("pkgs/x/x-1.1.tar.sig", "")
            .Write("pkgs/x/x-1.0.zip", "")
            .Write("pkgs/x/old/1.0/x.tar", "")
            .Write("pkgs/x/old/x.tar", "")
            .Write("pkgs/x/x-/1.tar", "");

        var files = RecipeFiles.List(test.Load().Recipes["x"]);

        Assert.Equal(["old/x.tar", "x-/1.tar", "x-1.0.zip", "x-1.1.tar.sig"], files.Select(x => x.RelativePath));
    }

    [Theory]
    [InlineData("b.patch")]
    [InlineData("absent")]
    public void A_link_is_refused(string target)
    {
        using var test = new TestWorkspace().Package("zlib").Write("pkgs/zlib/b.patch", "");
        var link = Path.Combine(test.Root, "pkgs/zlib/a.patch");
        File.CreateSymbolicLink(link, target);
        var recipe = test.Load().Recipes["zlib"];

        var exception = Assert.Throws<EngineException>(() => RecipeFiles.List(recipe));
        Assert.Equal(
            $"'{link}' is a link; the files of a recipe have to be plain files, so copy its target there",
            exception.Message
        );
    }
}
