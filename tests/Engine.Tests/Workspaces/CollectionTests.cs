using Recipes.Engine.Content;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Artifacts;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>A workspace with the recipes of others.</summary>
public sealed class CollectionTests : IDisposable
{
    private const string Base = "collections/base";
    private const string Package = "version = \"1\"\n[build]\nsystem = \"none\"\n";

    private const string Source = "version = \"1\"\n[source]\narchive = \"https://example.org/x-{version}.tar\"\n";

    private readonly WorkspaceFolder folder = new();

    public CollectionTests()
    {
        folder.WriteRecipe($"{Base}/stage0/seed", "[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]");
        folder.WriteRecipe($"{Base}/toolchain/toolchain", "[build]\nbase = \"seed\"\nsystem = \"none\"");
        folder.WriteRecipe($"{Base}/pkgs/zlib", Package);
        folder.Write($"{Base}/recipes.toml", "name = \"base\"\nformat = 1\n");
        folder.WriteRecipe("pkgs/app", Package + "needs = [\"zlib\"]");
        Use($"base = \"{Base}\"");
    }

    [Fact]
    public void Its_recipes_are_there_by_their_bare_names()
    {
        var workspace = Load();

        Assert.Equal(["app", "seed", "toolchain", "zlib"], workspace.Recipes.Keys);
        Assert.Equal(["app"], workspace.OwnRecipes.Select(x => x.Name));
        Assert.Equal("base", workspace.Recipes["zlib"].Collection?.Name);
        Assert.Equal($"{Base}/pkgs/zlib/recipe.toml", workspace.Recipes["zlib"].File);
        Assert.Equal(folder.Path(Base, "pkgs/zlib"), workspace.Recipes["zlib"].Folder);
    }

    [Fact]
    public void Its_build_systems_are_there_by_their_bare_names_too()
    {
        folder.Write($"{Base}/systems/mine.toml", "summary = \"x\"\nsteps.install = \"x\"\n");
        folder.WriteRecipe("pkgs/app", "[build]\nsystem = \"mine\"");

        var workspace = Load();

        Assert.Empty(workspace.Diagnostics);
        Assert.Equal($"{Base}/systems/mine.toml", workspace.RequirePackage("app").Build.System!.File);
    }

    [Fact]
    public void Two_build_systems_of_one_name_are_a_fault_unless_one_replaces_the_other()
    {
        folder.Write($"{Base}/systems/mine.toml", "summary = \"theirs\"\nsteps.install = \"x\"\n");
        folder.WriteRecipe($"{Base}/pkgs/zlib", "[build]\nsystem = \"mine\"");
        folder.Write("systems/mine.toml", "summary = \"ours\"\nsteps.install = \"y\"\n");

        Assert.Equal(
            [$"{Base}/systems/mine.toml:1:1: error: there is already a build system 'mine': systems/mine.toml"],
            Faults()
        );

        folder.Write("systems/mine.toml", "summary = \"ours\"\nreplaces = \"base\"\nsteps.install = \"y\"\n");

        Assert.Empty(Faults());
        Assert.Equal("ours", Load().RequirePackage("zlib").Build.System!.Summary);

        folder.Write("systems/other.toml", "summary = \"ours\"\nreplaces = \"base\"\nsteps.install = \"y\"\n");

        Assert.Equal(
            ["systems/other.toml:2:12: error: the collection 'base' has no build system 'other' to replace"],
            Faults()
        );
    }

    [Fact]
    public void A_recipe_may_be_like_one_of_a_collection()
    {
        folder.WriteRecipe($"{Base}/pkgs/zlib", Package + "steps.install = \"x\"");
        folder.WriteRecipe("pkgs/app", "[build]\nlike = \"zlib\"");

        Assert.Equal("x", Load().RequirePackage("app").Build.Steps["install"].Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pkgs/app")]
    [InlineData(Base)]
    [InlineData($"{Base}/pkgs/zlib")]
    public void From_inside_of_it_the_workspace_that_uses_it_is_found(string start) =>
        Assert.Equal(folder.Root, Workspace.Find(folder.Path(start)));

    [Fact]
    public void A_workspace_that_merely_lies_in_another_is_found_itself()
    {
        folder.WriteRecipe("vendor/pkgs/zlib", Package);

        Assert.Equal(folder.Path("vendor"), Workspace.Find(folder.Path("vendor/pkgs")));
    }

    [Fact]
    public void Faults_of_its_recipes_name_their_files()
    {
        folder.WriteRecipe($"{Base}/pkgs/zlib", Package + "needs = [\"zlob\"]");

        Assert.Equal(
            [$"{Base}/pkgs/zlib/recipe.toml:5:10: error: there is no recipe 'zlob'; did you mean 'zlib'?"],
            Faults()
        );
    }

    [Fact]
    public void Collections_use_collections_and_one_folder_reached_twice_is_one()
    {
        folder.Write("collections/mid/recipes.toml", "name = \"mid\"\nformat = 1\n");
        folder.WriteRecipe("collections/mid/pkgs/mid", Package + "needs = [\"low\"]");
        folder.WriteRecipe("collections/mid/low/pkgs/low", Package);
        Use($"mid = \"collections/mid\"\nbase = \"{Base}\"\nlow = \"collections/mid/low\"");
        folder.Write("collections/mid/recipes.toml", "name = \"mid\"\nformat = 1\n[collections]\nlow = \"low\"\n");

        Assert.Equal(["mid", "base", "low"], Load().Collections.Select(x => x.Name));
        Assert.Equal("collections/mid/low/pkgs/low/recipe.toml", Load().Recipes["low"].File);
    }

    [Fact]
    public void Two_recipes_of_one_name_are_a_fault_with_both_files_and_the_way_out()
    {
        folder.WriteRecipe("pkgs/zlib", Package);

        Assert.Equal(
            [
                $"{Base}/pkgs/zlib/recipe.toml:1:8: error: there is already a recipe 'zlib': pkgs/zlib/recipe.toml; if "
                    + "that one is to take this one's place, write there: replaces = \"base\"",
            ],
            Faults()
        );
    }

    [Fact]
    public void A_recipe_takes_the_place_of_one_of_a_collection()
    {
        folder.WriteRecipe("pkgs/zlib", "replaces = \"base\"\n" + Package.Replace("1", "2", StringComparison.Ordinal));

        var workspace = Load();

        Assert.Equal("2", workspace.Recipes["zlib"].Version);
        var replacement = Assert.Single(workspace.Replacements);
        Assert.Equal($"{Base}/pkgs/zlib/recipe.toml", replacement.Replaced.File);
    }

    [Theory]
    [InlineData("bsae", "there is no collection 'bsae'; did you mean 'base'?")]
    [InlineData("base", "the collection 'base' has no recipe 'own' to replace")]
    public void Only_what_is_there_can_be_replaced(string collection, string message)
    {
        folder.WriteRecipe("pkgs/own", $"replaces = \"{collection}\"\n{Package}");

        Assert.Equal([$"pkgs/own/recipe.toml:2:12: error: {message}"], Faults());
    }

    [Theory]
    [InlineData("format = 1\n", "1:1: error: missing key 'name' at the top level")]
    [InlineData("name = \"x\"\n", "1:1: error: missing key 'format' at the top level")]
    [InlineData(
        "name = \"x\"\nformat = 2\nnew = 1\n",
        "2:10: error: this is format 2, and this version of recipes knows formats up to 1; use a newer recipes"
    )]
    [InlineData(
        "name = \"x\"\nformat = 1\ncollection = 1\n",
        "3:1: error: unknown key 'collection' at the top level; did you mean 'collections'?"
    )]
    [InlineData(
        "format = 1\nname = \"x\n",
        "2:10: error: this is not TOML: the string has no closing quote on its line"
    )]
    public void Faults_of_recipes_toml_have_their_places(string text, string expected)
    {
        folder.Write("recipes.toml", text);
        Directory.Delete(folder.Path("pkgs"), recursive: true);

        Assert.Equal([$"recipes.toml:{expected}"], Faults());
    }

    [Theory]
    [InlineData(
        "base = \"collections/none\"",
        "there are no recipes in 'collections/none'; if that is a submodule which is not checked out, run: git "
            + "submodule update --init --recursive"
    )]
    [InlineData(
        "other = \"collections/base\"",
        "'collections/base' calls itself 'base', not 'other'; write base = \"…\" here"
    )]
    [InlineData("app = \"collections/base\"", "the collection 'app' has the name of the workspace that uses it")]
    [InlineData("base = \"../base\"", "bad path '../base': '.' and '..' are not allowed in it")]
    [InlineData("base = \"/base\"", "bad path '/base': it has to be relative; leave out the '/' at its start")]
    public void A_collection_that_cannot_be_used_is_said_where_it_is_written(string collections, string message)
    {
        Use(collections);

        var column = collections.IndexOf('"', StringComparison.Ordinal) + 1;
        Assert.Equal([$"recipes.toml:4:{column}: error: {message}"], Faults());
    }

    [Fact]
    public void Faults_of_a_collections_own_file_name_it()
    {
        folder.Write($"{Base}/recipes.toml", "name = \"base\"\nformat = 1\nextra = 1\n");

        Assert.Equal([$"{Base}/recipes.toml:3:1: error: unknown key 'extra' at the top level"], Faults());
    }

    [Fact]
    public void Without_git_the_same_collection_at_two_places_is_a_fault()
    {
        folder.Write("collections/mid/recipes.toml", "name = \"mid\"\nformat = 1\n[collections]\nbase = \"base\"\n");
        folder.WriteRecipe("collections/mid/base/pkgs/zlib", Package);
        Use($"base = \"{Base}\"\nmid = \"collections/mid\"");

        Assert.Equal(
            [
                "collections/mid/recipes.toml:4:8: error: the collection 'base' is reached in two ways, and is what is in "
                    + "'collections/base', of which git knows no commit but what is in 'collections/mid/base', of which "
                    + "git knows no commit; move one of them to the commit of the other",
            ],
            Faults()
        );
    }

    [Fact]
    public void Its_own_lock_pins_its_recipes_and_the_lock_of_the_workspace_the_rest()
    {
        folder.WriteRecipe("pkgs/own", Source);
        folder.WriteRecipe($"{Base}/pkgs/theirs", Source);
        Directory.Delete(folder.Path(Base, "stage0"), recursive: true);
        var workspace = Load();
        Lock("own").Write(workspace.LockPath);
        // Of a recipe that is not used from there, a pin does not count.
        Lock("theirs", "own").Write(Workspace.LockPathAt(folder.Path(Base)));

        var all = WorkspaceLocks.Read(workspace);

        Assert.Equal(["own", "theirs"], all.Sources.Keys);
        Assert.Equal(["own"], WorkspaceLocks.OwnOf(workspace, all).Sources.Keys);
        Assert.Empty(LockCheck.Of(workspace));
    }

    [Fact]
    public void What_is_made_outside_in_a_collection_lies_and_is_pinned_there()
    {
        folder.WriteRecipe($"{Base}/pkgs/theirs", "[source]\nartifact = \"out\"\n[build]\nsystem = \"none\"");
        folder.Write($"{Base}/out/app", "made");
        folder.Write("out/app", "another");
        Directory.Delete(folder.Path(Base, "stage0"), recursive: true);
        var (workspace, token) = (Load(), TestContext.Current.CancellationToken);
        var source = workspace.Recipes["theirs"].Artifact!;
        Assert.Equal(folder.Path(Base, "out"), source.Directory);
        var pins = LockFile.Empty.Artifacts.Add(
            "theirs",
            new("theirs", "out", ArtifactFolder.Find(source, token)!.Value)
        );
        (LockFile.Empty with { Artifacts = pins }).Write(Workspace.LockPathAt(folder.Path(Base)));

        var all = WorkspaceLocks.Read(workspace);

        Assert.Equal(["theirs"], all.Artifacts.Keys);
        Assert.Empty(WorkspaceLocks.OwnOf(workspace, all).Artifacts);
        Assert.Empty(LockCheck.Of(workspace));
        Assert.Empty(ArtifactCheck.Of(workspace.Recipes.Values, all, token));
        folder.Write($"{Base}/out/app", "made anew");
        Assert.Equal(
            "the artifact of 'theirs' in 'out' differs from what is pinned; that is for the collection 'base' to fix",
            Assert.Single(ArtifactCheck.Of(workspace.Recipes.Values, all, token)).Message
        );
    }

    [Fact]
    public void A_collection_whose_lock_lacks_a_recipe_is_told_apart_from_ones_own()
    {
        folder.WriteRecipe("pkgs/mine", Source);
        folder.WriteRecipe($"{Base}/pkgs/theirs", Source);

        Assert.Equal(
            [
                "pkgs/mine/recipe.toml:3:1: error: recipes.lock does not cover 'mine'; lock the sources",
                $"{Base}/stage0/seed/recipe.toml:1:8: error: {Base}/recipes.lock does not cover 'seed'; that is for the "
                    + "collection 'base' to fix",
                $"{Base}/pkgs/theirs/recipe.toml:3:1: error: {Base}/recipes.lock does not cover 'theirs'; that is for "
                    + "the collection 'base' to fix",
            ],
            LockCheck.Of(Load()).Select(x => x.ToString().Split('\n')[0])
        );
    }

    public void Dispose() => folder.Dispose();

    private void Use(string collections) =>
        folder.Write("recipes.toml", $"name = \"app\"\nformat = 1\n[collections]\n{collections}\n");

    private Workspace Load() => Workspace.Load(folder.Root, TestContext.Current.CancellationToken);

    private IEnumerable<string> Faults() => Load().Diagnostics.Select(x => x.ToString().Split('\n')[0]);

    private static LockFile Lock(params string[] names) =>
        LockFile.Empty with
        {
            Sources = LockFile.Empty.Sources.AddRange(
                names.Select(x =>
                    KeyValuePair.Create(
                        x,
                        new Pin
                        {
                            Name = x,
                            Version = "1",
                            Archive = "https://example.org/x-1.tar",
                            Commit = new('1', 40),
                            GitTree = new('2', 40),
                            Tree = Digest.OfText(x),
                        }
                    )
                )
            ),
        };
}
