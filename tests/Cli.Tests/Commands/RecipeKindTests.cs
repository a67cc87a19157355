using Xunit;

namespace Recipes.Cli.Tests.Commands;

/// <summary>A name of the wrong kind is a message at the door: nothing is built, and no store is made.</summary>
public sealed class RecipeKindTests : IDisposable
{
    private const string NotImage =
        "is a package, not an image (pkgs/tool/recipe.toml has no [image]); there are: tool-image";
    private const string NotPackage =
        "is an image, not a package (pkgs/tool-image/recipe.toml has no [build]); it includes: tool";
    private const string Seed =
        "is a seed, not a package (stage0/debian/recipe.toml has no [build]); name a package that is built from it";
    private const string Source =
        "is a source, not a package (pkgs/code/recipe.toml has no [build]); packages that build from it: tool";
    private const string Nothing =
        "only pins a source for others to build from; there is nothing to build; packages that build from it: tool";
    private const string SeedSource = "is a seed and has no source; to pin its packages anew, run: recipes lock debian";
    private const string ImageSource = "is an image and has no source; name a package that it includes";

    private readonly TestWorkspace workspace = new();

    public RecipeKindTests()
    {
        workspace.WriteRecipe(
            "pkgs/code",
            "version = \"1\"\n[source]\narchive = \"https://example.org/code-{version}.tar\""
        );
        workspace.WriteRecipe(
            "pkgs/tool",
            "version = \"2\"\nlicense = \"MIT\"\n[source]\nfrom = \"code\"\n[build]\nsystem = \"make\""
        );
    }

    [Theory]
    [InlineData("compose tool", NotImage)]
    [InlineData("run tool", NotImage)]
    [InlineData("load tool", NotImage)]
    [InlineData("push tool registry.test/tool", NotImage)]
    [InlineData("try tool", NotImage)]
    [InlineData("size tool", NotImage)]
    [InlineData(
        "compose debian",
        "is a seed, not an image (stage0/debian/recipe.toml has no [image]); there are: tool-image"
    )]
    [InlineData(
        "compose code",
        "is a source, not an image (pkgs/code/recipe.toml has no [image]); there are: tool-image"
    )]
    [InlineData("build code", Nothing)]
    [InlineData("explain code", Nothing)]
    [InlineData("shell tool-image", NotPackage)]
    [InlineData("shell debian", Seed)]
    [InlineData("shell code", Source)]
    [InlineData("log tool-image", NotPackage)]
    [InlineData("log code", Source)]
    [InlineData("add tool-image zlib", NotPackage)]
    [InlineData("new tool-image --image", NotPackage)]
    [InlineData("files tool-image", NotPackage)]
    [InlineData("files tool-image:main", NotPackage)]
    [InlineData("files code", Source)]
    [InlineData("diff tool-image:main tool", NotPackage)]
    [InlineData("diff code tool", Source)]
    [InlineData("diff tool code", Source)]
    [InlineData("bump debian", SeedSource)]
    [InlineData("bump debian --list", SeedSource)]
    [InlineData("bump tool-image", ImageSource)]
    [InlineData("bump tool", "builds from the source of 'code'; name that recipe")]
    [InlineData("outdated tool-image", ImageSource)]
    [InlineData("outdated tool", "builds from the source of 'code'; name that recipe")]
    [InlineData("sources checkout tool-image", ImageSource)]
    [InlineData("build tool-image --source .", ImageSource)]
    [InlineData("bump toolchain", "has no source (toolchain/toolchain/recipe.toml has no [source])")]
    [InlineData("test debian", "is a seed and has no [test]; only packages and images are tested")]
    [InlineData("test code", "is a source and has no [test]; only packages and images are tested")]
    public async Task A_recipe_of_the_wrong_kind_is_refused_before_anything_is_done(string line, string message)
    {
        var words = line.Split(' ');
        var name = words[words[0] == "sources" || line == "diff tool code" ? 2 : 1].Split(':')[0];

        var run = await workspace.RunAsync(words);

        Assert.Equal(($"error: '{name}' {message}\n", "", 2), (run.Error, run.Out, run.ExitCode));
        Assert.False(Directory.Exists(workspace.Store));
    }

    [Theory]
    [InlineData("compose")]
    [InlineData("run")]
    [InlineData("load")]
    [InlineData("push", "registry.test/tool")]
    [InlineData("try")]
    [InlineData("size")]
    [InlineData("build")]
    [InlineData("explain")]
    [InlineData("shell")]
    [InlineData("log")]
    [InlineData("add", "zlib")]
    [InlineData("files")]
    [InlineData("diff", "tool")]
    [InlineData("why", "tool")]
    [InlineData("bump")]
    [InlineData("outdated")]
    [InlineData("sources checkout")]
    [InlineData("test")]
    [InlineData("fetch")]
    [InlineData("graph")]
    [InlineData("impact")]
    public async Task A_name_that_nothing_has_is_refused_before_anything_is_done(string verb, string? argument = null)
    {
        string[] words = [.. verb.Split(' '), "zlb", .. argument is null ? Array.Empty<string>() : [argument]];

        var run = await workspace.RunAsync(words);

        Assert.Equal(
            ($"error: there is no recipe 'zlb' in {workspace.Path}; did you mean 'zlib'?\n", 2),
            (run.Error, run.ExitCode)
        );
        Assert.False(Directory.Exists(workspace.Store));
    }

    [Fact]
    public async Task A_workspace_without_images_says_so()
    {
        Directory.Delete(Path.Join(workspace.Path, "pkgs/tool-image"), recursive: true);

        var run = await workspace.RunAsync("compose", "tool");

        Assert.Equal(
            "error: 'tool' is a package, not an image (pkgs/tool/recipe.toml has no [image]); there are no images\n",
            run.Error
        );
    }

    [Fact]
    public async Task A_build_is_resumed_of_a_package_alone()
    {
        var run = await workspace.RunAsync("build", "tool-image", "--resume");

        Assert.Equal(
            ("error: --resume goes on with one package: recipes build NAME --resume\n", 2),
            (run.Error, run.ExitCode)
        );
        Assert.False(Directory.Exists(workspace.Store));
    }

    public void Dispose() => workspace.Dispose();
}
