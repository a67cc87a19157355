using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed partial class NewTests : IDisposable
{
    private const string Mit =
        "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. THE "
        + "SOFTWARE IS PROVIDED \"AS IS\".\n";
    private const string Makefile = "TOP = /usr/local\nMAN = $(TOP)/man\nall:\ninstall:\n\tinstall verse $(TOP)/bin\n";
    private readonly TemporaryDirectory content = new();
    private readonly TestWorkspace workspace = new();

    public void Dispose()
    {
        workspace.Dispose();
        content.Dispose();
    }

    [GeneratedRegex("[0-9a-f]{40}")]
    private static partial Regex Commit();

    [Fact]
    public async Task A_recipe_is_written_pinned_and_its_guesses_are_told()
    {
        WriteArchive(
            "pkgs/verse/verse-1.0.tar.gz",
            ("Makefile", Makefile),
            ("LICENSE", Mit),
            ("README", "Verse is a \"program\" for short poems. See https://verse.org/start.\n")
        );

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:verse-1.0.tar.gz");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            """
            wrote pkgs/verse/recipe.toml: verse 1.0
            pinned the commit HASH in recipes.lock

            system    make  (found from Makefile)
            summary   Program for short poems  (guessed from a sentence of README)
            license   MIT  (found from LICENSE)
            homepage  https://verse.org  (guessed from README)
            note      its Makefile knows no DESTDIR

            next:  recipes build verse
                   recipes test verse    once the recipe has a [test] (recipes help test)

            """,
            Commit().Replace(run.Out, "HASH")
        );
        Assert.Equal(
            """
            name     = "verse"
            version  = "1.0"
            summary  = "Program for short poems" # guessed from a sentence of README
            license  = "MIT"
            homepage = "https://verse.org" # guessed from README

            [source]
            archive = "file:verse-{version}.tar.gz"

            # Its Makefile knows no DESTDIR.
            [build]
            system  = "make"
            install = ["TOP=/stage/usr", "MAN=/stage/usr/share/man"]

            """,
            Read("pkgs/verse/recipe.toml")
        );
        Assert.Contains(
            "[source.verse]\nversion = \"1.0\"\narchive = \"file:verse-1.0.tar.gz\"\n",
            Read("recipes.lock"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("verse", (await workspace.RunAsync("check")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("verse", (await workspace.RunAsync("lock", "--check")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_of_others_is_told_and_not_believed()
    {
        WriteArchive(
            "pkgs/verse/verse-1.0.tar.gz",
            ("Makefile", Makefile),
            ("LICENSE", "Ask the poet."),
            ("deps/rhyme/rhyme.pc.in", "Name: rhyme\nDescription: Minimalistic rhymes of others\nVersion: 9\n"),
            ("deps/rhyme/COPYING", Mit)
        );

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:verse-1.0.tar.gz");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(
            "summary   not found; write it\nlicense   not found; write it\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "note      deps holds other projects; where they get into what is installed, their licences count too\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "9",
            run.Out.Split('\n').Where(x => x.StartsWith("note", StringComparison.Ordinal)).Aggregate("", string.Concat),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_image_of_the_new_package_is_written_with_it()
    {
        WriteArchive(
            "pkgs/verse/verse-1.0.tar.gz",
            ("Makefile", Makefile),
            ("LICENSE", Mit),
            ("README", "Verse is a program for short poems.\n")
        );

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:verse-1.0.tar.gz", "--image");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith(
            "wrote pkgs/verse/recipe.toml: verse 1.0\nwrote pkgs/verse-image/recipe.toml: an image of it\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "       recipes files verse    lists its programs: correct the entrypoint of the image\n       recipes "
                + "compose verse-image\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.Equal(
            """
            name         = "verse-image"
            version-from = "verse"
            summary      = "Program for short poems"

            [image]
            include     = ["verse"]
            entrypoint  = ["/usr/bin/verse"] # guessed from the package's name
            environment = { PATH = "/usr/bin" }

            """,
            Read("pkgs/verse-image/recipe.toml")
        );
        Assert.DoesNotContain("verse", (await workspace.RunAsync("check")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_of_a_package_that_is_there_is_written_alone_and_once()
    {
        WriteArchive("pkgs/verse/verse-1.0.tar.gz", ("Makefile", Makefile), ("LICENSE", Mit));
        await workspace.RunAsync("new", "verse", "--archive", "file:verse-1.0.tar.gz");
        var before = Read("recipes.lock");

        var run = await workspace.RunAsync("new", "verse", "--image");

        Assert.Equal("", run.Error);
        Assert.Equal(
            """
            wrote pkgs/verse-image/recipe.toml: an image of verse

            next:  recipes files verse    lists its programs: correct the entrypoint of the image
                   recipes compose verse-image

            """,
            run.Out
        );
        Assert.Equal(before, Read("recipes.lock"));
        Assert.Contains(
            "# summary: say what the image is for\n",
            Read("pkgs/verse-image/recipe.toml"),
            StringComparison.Ordinal
        );
        var again = await workspace.RunAsync("new", "verse", "--image");
        Assert.Equal(
            (
                1,
                "error: there is already a recipe 'verse-image': pkgs/verse-image/recipe.toml; take another name, "
                    + "or to move that one, run: recipes bump verse-image\n"
            ),
            (again.ExitCode, again.Error)
        );
    }

    [Fact]
    public async Task Neither_is_written_where_there_is_such_an_image()
    {
        workspace.Write("pkgs/verse-image/recipe.toml", "name = \"verse-image\"\n");
        WriteArchive("pkgs/verse/verse-1.0.tar.gz", ("Makefile", Makefile));

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:verse-1.0.tar.gz", "--image");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error: there is already a recipe 'verse-image': ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(workspace.Path, "pkgs/verse/recipe.toml")));
    }

    [Theory]
    [InlineData(
        "verse --image",
        "a recipe has one source: give either --archive URL, or --git URL --tag TAG, or " + "--debian"
    )]
    [InlineData(
        "verse --debian --archive https://e.org/x-1.tar.gz",
        "a recipe has one source: give either --archive URL, or --git URL --tag TAG, or --debian"
    )]
    [InlineData("verse --debian ../x", "'../x' is not the name of a source package of Debian")]
    public async Task Where_the_source_is_has_to_be_said_once(string line, string fault)
    {
        var run = await workspace.RunAsync(["new", .. line.Split(' ')]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"error: {fault}\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_is_json_on_demand()
    {
        WriteArchive("pkgs/verse/v.tar.gz", ("configure", "x\n"), ("VERSION", "0.9\n"));

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:v.tar.gz", "--version", "1.0", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        var root = json.RootElement;
        Assert.Equal(
            ("verse", "pkgs/verse/recipe.toml", false),
            (
                root.GetProperty("recipe").GetString(),
                root.GetProperty("file").GetString(),
                root.GetProperty("staged").GetBoolean()
            )
        );
        Assert.Equal("1.0", root.GetProperty("pin").GetProperty("version").GetString());
        Assert.Equal(
            """{"system":"none","from":"configure","guess":true}""",
            JsonSerializer.Serialize(root.GetProperty("build"))
        );
        Assert.Equal(JsonValueKind.Null, root.GetProperty("license").ValueKind);
        Assert.Equal(
            [
                "its configure is not Autoconf's, and may take other options",
                "VERSION calls this version 0.9, not 1.0",
                "the place of the source does not hold the version as it is written, so that 'recipes bump' will "
                    + "have to be told where newer ones are",
            ],
            root.GetProperty("remarks").EnumerateArray().Select(x => x.GetString())
        );
        Assert.Equal(Read("pkgs/verse/recipe.toml"), root.GetProperty("text").GetString());
        Assert.Contains(
            "# summary: the source does not tell it\n",
            Read("pkgs/verse/recipe.toml"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_the_build_calls_is_needed_if_there_is_a_package_and_told_if_there_is_none()
    {
        workspace.WriteRecipe("pkgs/ninja", "version = \"1\"\nlicense = \"MIT\"\n[build]\nsystem = \"make\"");
        WriteArchive("pkgs/verse/verse-1.0.tar.gz", ("meson.build", "project('verse', 'c')"));

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:verse-1.0.tar.gz");

        Assert.Contains(
            "note      the build calls meson, for which there is no package yet\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "[build]\nneeds  = [\"ninja\"]\nsystem = \"meson\"\n",
            Read("pkgs/verse/recipe.toml"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("new", "recipes new needs NAME")]
    [InlineData("new verse", "a recipe has one source: give either --archive URL, or --git URL --tag TAG")]
    [InlineData(
        "new verse --archive https://e.org/v-1.tar --git https://e.org/v",
        "a recipe has one source: give either --archive URL, or --git URL --tag TAG"
    )]
    [InlineData(
        "new verse --git https://e.org/v",
        "a git repository needs the tag of the release; give a tag with " + "--tag"
    )]
    [InlineData(
        "new verse --archive https://e.org/v-1.tar --tag v1",
        "only a git repository has tags; for the version of an archive, add --version VERSION"
    )]
    [InlineData(
        "new Verse --archive https://e.org/v-1.tar",
        "'Verse' is not a name for a recipe: names have a-z, 0-9, '+', '.' and '-', and begin with a letter or digit"
    )]
    [InlineData(
        "new ../verse --archive https://e.org/v-1.tar",
        "'../verse' is not a name for a recipe: names have a-z, 0-9, '+', '.' and '-', and begin with a letter or digit"
    )]
    [InlineData(
        "new zlib --archive https://e.org/v-1.tar",
        "there is already a recipe 'zlib': pkgs/zlib/recipe.toml; take another name, or to move that one, run: "
            + "recipes bump zlib"
    )]
    [InlineData(
        "new toolchain --archive https://e.org/v-1.tar",
        "there is already a recipe 'toolchain': toolchain/toolchain/recipe.toml; take another name"
    )]
    [InlineData(
        "new debian --archive https://e.org/v-1.tar",
        "there is already a recipe 'debian': stage0/debian/recipe.toml; take another name"
    )]
    [InlineData(
        "new verse --archive https://e.org/verse.tar.gz",
        "'https://e.org/verse.tar.gz' does not show the version; add --version VERSION"
    )]
    [InlineData(
        "new verse --archive https://e.org/v-{version}.tar",
        "'https://e.org/v-{version}.tar' does not show the version; add --version VERSION"
    )]
    [InlineData(
        "new verse --git https://e.org/v --tag stable",
        "'stable' does not show the version; add --version VERSION"
    )]
    [InlineData(
        "new verse --archive https://e.org/v.tar --version 1/2",
        "'1/2' is not a version: versions have letters, digits"
    )]
    [InlineData(
        "new verse --archive ftp://e.org/v-1.tar",
        "'ftp://e.org/v-1.tar' is not the address of an archive: it has to begin with https:, http:, file: or debian:"
    )]
    [InlineData(
        "new verse --archive v-1.tar",
        "'v-1.tar' is not the address of an archive: it has to begin with https:, http:, file: or debian:"
    )]
    [InlineData(
        "new verse --archive debian:v-1.tar",
        "'debian:v-1.tar' is not the address of an archive: write a path of the archive's pool"
    )]
    [InlineData(
        "new verse --git e.org/v --tag v1",
        "'e.org/v' is not the address of a git repository: it has to begin with https:"
    )]
    public async Task Wrong_usage_is_told(string line, string message)
    {
        var run = await workspace.RunAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error: " + message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(workspace.Path, "pkgs", "verse")));
    }

    [Theory]
    [InlineData(
        "--archive https://nowhere.invalid/verse-1.0.tar.gz",
        "error: 'verse' could not be downloaded from any place:\n  https://nowhere.invalid/verse-1.0.tar.gz: cannot "
            + "resolve the host 'nowhere.invalid'\n"
    )]
    [InlineData("--archive file:verse-1.0.tar.gz", "/pkgs/verse/verse-1.0.tar.gz: there is no such file\n")]
    [InlineData(
        "--git file:///nowhere/verse --tag v1.0",
        "error: The tag 'v1.0' of 'file:///nowhere/verse' could not be fetched: "
    )]
    public async Task A_source_that_cannot_be_had_leaves_nothing(string place, string message)
    {
        var run = await workspace.RunAsync(["new", "verse", .. place.Split(' ')]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        AssertNothingWritten();
    }

    [Fact]
    public async Task A_file_that_is_no_archive_is_refused_and_leaves_nothing()
    {
        workspace.Write("pkgs/verse/verse-1.0.tar.gz", "<html>Not found</html>\n");

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:verse-1.0.tar.gz");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error: Cannot import 'verse-1.0.tar.gz': ", run.Error, StringComparison.Ordinal);
        AssertNothingWritten();
    }

    [Fact]
    public async Task Faults_of_other_recipes_come_first()
    {
        workspace.WriteRecipe("pkgs/half", "version = ");

        var run = await workspace.RunAsync("new", "verse", "--archive", "https://e.org/verse-1.tar");

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("error: 1 fault in the recipes; nothing was done\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absolute_file_may_be_anywhere()
    {
        WriteArchive("verse-1.0.tar.gz", ("Makefile", Makefile));

        var run = await workspace.RunAsync(
            "new",
            "verse",
            "--archive",
            $"file:{workspace.Path.Replace(" ", "%20", StringComparison.Ordinal)}/verse-1.0.tar.gz"
        );

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("archive = \"file:///", Read("pkgs/verse/recipe.toml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_broken_off_is_brought_back_first()
    {
        workspace.Write(
            ".recipes-bump",
            """{"Files":[{"Path":"pkgs/verse/recipe.toml","Content":null},{"Path":"recipes.lock","Content":null}],"Link":{"Path":"pkgs/verse/source"} }"""
        );
        workspace.Write("pkgs/verse/recipe.toml", "half");
        Directory.CreateDirectory(Path.Join(workspace.Path, "pkgs/verse/source"));

        var run = await workspace.RunAsync("new", "verse", "--archive", "file:none-1.tar");

        Assert.StartsWith(
            "warning: an earlier change was interrupted; the workspace has been restored\n",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(Path.Join(workspace.Path, "pkgs", "verse")));
    }

    private void AssertNothingWritten()
    {
        Assert.False(File.Exists(Path.Join(workspace.Path, "recipes.lock")));
        Assert.False(File.Exists(Path.Join(workspace.Path, ".recipes-bump")));
        Assert.False(File.Exists(Path.Join(workspace.Path, "pkgs/verse/recipe.toml")));
    }

    private string Read(string file) => File.ReadAllText(Path.Join(workspace.Path, file));

    private void WriteArchive(string file, params ReadOnlySpan<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
            content.Write($"verse-1.0/{name}", text);
        var archive = workspace.Write(file, "");
        using var stream = File.Create(archive);
        using var gzip = new GZipStream(stream, CompressionLevel.Fastest);
        TarFile.CreateFromDirectory(content.Path, gzip, includeBaseDirectory: false);
    }
}
