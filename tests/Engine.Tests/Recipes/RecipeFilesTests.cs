using Recipes.Engine.Recipes;
using Xunit;

namespace Recipes.Engine.Tests.Recipes;

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
