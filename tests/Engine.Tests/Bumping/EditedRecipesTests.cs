using System.Text;
using Recipes.Engine.Bumping;
using Recipes.Engine.Tests.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Bumping;

public sealed class EditedRecipesTests : IDisposable
{
    private readonly TestWorkspace test = new();

    public void Dispose() => test.Dispose();

    [Fact]
    public void A_template_follows_by_itself_and_all_but_the_version_stays_byte_for_byte()
    {
        Recipe("version   = \"1.0\"   # the version\r\n", "archive = \"https://e.org/x-{version}.tar.gz\" # here\n");

        var edited = Assert.Single(Candidates("1.1"));

        Assert.Equal([new("pkgs/x/recipe.toml", "version", "1.0", "1.1")], edited.Edits);
        Assert.Equal(Text(edited.Originals[0]).Replace("\"1.0\"", "\"1.1\"", StringComparison.Ordinal), Text(edited));
    }

    [Fact]
    public void A_version_that_is_written_out_is_exchanged_in_every_place()
    {
        Recipe(
            "version = \"1.0\"\n",
            "archive = \"https://e.org/1.0/x-1.0.tar.gz\"\nmirrors = [\"https://m.org/x-{version}.tgz\", "
                + "\"https://m.org/x-1.0.tgz\"]\n"
        );

        var edited = Assert.Single(Candidates("1.1"));

        Assert.Equal(
            [
                new("pkgs/x/recipe.toml", "version", "1.0", "1.1"),
                new(
                    "pkgs/x/recipe.toml",
                    "archive",
                    "https://e.org/1.0/x-1.0.tar.gz",
                    "https://e.org/1.1/x-1.1.tar.gz"
                ),
                new("pkgs/x/recipe.toml", "mirrors", "https://m.org/x-1.0.tgz", "https://m.org/x-1.1.tgz"),
            ],
            edited.Edits
        );
    }

    [Fact]
    public void A_number_that_only_holds_the_version_is_left_alone()
    {
        Recipe("version = \"1.0\"\n", "archive = \"https://e.org/11.0/x-1.0.tar.gz\"\n");

        Assert.Equal("https://e.org/11.0/x-1.1.tar.gz", Assert.Single(Candidates("1.1")).Edits[1].After);
    }

    [Theory]
    [InlineData("1.2.3", "1.3.0", "https://e.org/1.2/x-{version}.tar.gz", "https://e.org/1.3/x-{version}.tar.gz")]
    [InlineData("14.2", "15.1", "https://e.org/gcc-14/gcc-{version}.tar", "https://e.org/gcc-15/gcc-{version}.tar")]
    public void A_folder_of_a_series_stays_first_and_moves_second(string from, string to, string place, string moved)
    {
        Recipe($"version = \"{from}\"\n", $"archive = \"{place}\"\n");

        var candidates = Candidates(to);

        Assert.Equal(2, candidates.Count);
        Assert.Equal(["version"], candidates[0].Edits.Select(x => x.Key));
        Assert.Equal(new("pkgs/x/recipe.toml", "archive", place, moved), candidates[1].Edits[1]);
    }

    [Theory]
    // The template yields it.
    [InlineData("v{version}", "v1.1", null)]
    [InlineData("v{version}", "release-1.1", "release-{version}")]
    // It tells no version.
    [InlineData("v{version}", "final", "final")]
    public void A_given_tag_becomes_a_template_if_it_holds_the_version(string template, string tag, string? after)
    {
        Recipe("version = \"1.0\"\n", $"git = \"https://e.org/x.git\"\ntag = \"{template}\"\n");

        var edits = Candidates("1.1", tag)[0].Edits;

        Assert.Equal(after, edits.FirstOrDefault(x => x.Key == "tag")?.After);
    }

    [Fact]
    public void A_tag_with_underscores_follows()
    {
        Recipe("version = \"17.1\"\n", "git = \"https://e.org/x.git\"\ntag = \"REL_17_1\"\n");

        Assert.Equal("REL_17_2", Candidates("17.2")[0].Edits[1].After);
    }

    [Fact]
    public void Those_that_build_from_the_source_follow_only_if_they_write_its_version()
    {
        Recipe("version = \"1.0\"\n", "archive = \"https://e.org/x-{version}.tar.gz\"\n");
        test.Add("pkgs/same", "version = \"1.0\"\n[source]\nfrom = \"x\"\n[build]\nsystem = \"none\"\n");
        test.Add("pkgs/other", "version = \"7\"\n[source]\nfrom = \"x\"\n[build]\nsystem = \"none\"\n");

        var edited = Assert.Single(Candidates("1.1"));

        Assert.Equal(["pkgs/x/recipe.toml", "pkgs/same/recipe.toml"], edited.Edits.Select(x => x.File));
        Assert.Equal(["pkgs/x/recipe.toml", "pkgs/same/recipe.toml"], edited.Texts.Select(x => x.File));
    }

    [Fact]
    public void Every_archive_of_a_source_moves_with_it()
    {
        Recipe(
            "version = \"1.0\"\n",
            "archive = \"https://x.org/x-{version}.tar\"\n[[source.also]] # the data\n"
                + "archive = \"https://x.org/data-1.0.tar\"\nmirrors = [\"debian:pool/x_1.0.orig-data.tar.gz\"]\n"
                + "into = \"data\"\n[[source.also]]\narchive = \"https://x.org/fixed-7.tar\"\ninto = \"fixed\"\n"
        );

        var edited = Candidates("1.1")[0].With("debian:pool/x_1.1.orig-data.tar.gz", "debian:pool/y.tar.gz");

        Assert.Equal(
            [("version", "1.1"), ("archive", "https://x.org/data-1.1.tar"), ("mirrors", "debian:pool/y.tar.gz")],
            edited.Edits.Select(x => (x.Key, x.After))
        );
        Assert.Contains(
            "[[source.also]] # the data\narchive = \"https://x.org/data-1.1.tar\"\n",
            Text(edited),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [
                "https://x.org/x-{version}.tar",
                "https://x.org/data-1.1.tar",
                "https://x.org/fixed-7.tar",
                "debian:pool/y.tar.gz",
            ],
            edited.Places
        );
    }

    [Fact]
    public void Another_name_of_the_file_joins_the_edit_of_its_place()
    {
        Recipe("version = \"1.0\"\n", "archive = \"debian:pool/x_1.0.orig.tar.gz\"\n");
        var edited = Candidates("1.1")[0].With("debian:pool/x_1.1.orig.tar.gz", "debian:pool/x_1.1+ds.orig.tar.gz");

        Assert.Equal(
            [
                new("pkgs/x/recipe.toml", "version", "1.0", "1.1"),
                new(
                    "pkgs/x/recipe.toml",
                    "archive",
                    "debian:pool/x_1.0.orig.tar.gz",
                    "debian:pool/x_1.1+ds.orig.tar.gz"
                ),
            ],
            edited.Edits
        );
        Assert.Contains("\"debian:pool/x_1.1+ds.orig.tar.gz\"", Text(edited), StringComparison.Ordinal);
    }

    private void Recipe(string head, string source) => test.Add("pkgs/x", $"{head}[source]\n{source}");

    private List<EditedRecipes> Candidates(string version, string? tag = null)
    {
        var workspace = test.Load();
        return [.. EditedRecipes.Candidates(workspace, workspace.RequireSource("x"), version, tag)];
    }

    private static string Text(EditedRecipes edited) => Text(edited.Texts[0]);

    private static string Text(Engine.Workspaces.Toml.RecipeText text) => Encoding.UTF8.GetString(text.Bytes);
}
