using Recipes.Engine.Authoring;
using Xunit;

namespace Recipes.Engine.Tests.Authoring;

/// <summary>Summary, homepage and version, each from the file that tells it best.</summary>
public sealed class SourceFactsTests
{
    [Fact]
    public void Configure_has_the_values_that_were_computed()
    {
        var facts = Of(
            ("configure", "PACKAGE_NAME='The X'\nPACKAGE_VERSION='1.5'\nPACKAGE_URL='https://x.org/'\n"),
            ("configure.ac", "AC_INIT([X], m4_esyscmd([v]), [x@x.org], [x], [https://old.org])")
        );

        Assert.Equal(new Finding("1.5", "configure"), facts.Version);
        Assert.Equal(new Finding("https://x.org", "configure"), facts.Homepage);
    }

    [Fact]
    public void AC_INIT_is_read_over_several_lines_and_quotes()
    {
        var facts = Of(
            (
                "configure.ac",
                "AC_PREREQ([2.69])\nAC_INIT([X (a, b)],\n  [1.0],\n  [bugs (see [here], there)], [],\n  "
                    + "[https://x.org/a])\n"
            )
        );

        Assert.Equal(("1.0", "https://x.org/a"), (facts.Version?.Value, facts.Homepage?.Value));
    }

    [Fact]
    public void What_AC_INIT_computes_is_not_taken() =>
        Assert.Null(Of(("configure.ac", "AC_INIT([X], m4_esyscmd([build-aux/version]), [x@x.org])")).Version);

    [Theory]
    [InlineData(
        "project(x VERSION 2.1 DESCRIPTION \"An x (2nd) library.\" HOMEPAGE_URL \"https://x.org\" LANGUAGES C)",
        "2.1",
        "X library",
        "https://x.org"
    )]
    [InlineData("PROJECT(x C)", null, null, null)]
    [InlineData("project(x VERSION ${V} DESCRIPTION \"${D} of x\")", null, null, null)]
    public void CMake_is_told_version_description_and_homepage(
        string text,
        string? version,
        string? summary,
        string? homepage
    )
    {
        var facts = Of(("CMakeLists.txt", text));

        Assert.Equal((version, summary, homepage), (facts.Version?.Value, facts.Summary?.Value, facts.Homepage?.Value));
    }

    [Fact]
    public void Meson_is_told_a_version() =>
        Assert.Equal(
            new Finding("3.0", "meson.build"),
            Of(
                ("meson.build", "project('x', 'c',\n  default_options : ['a=b', join('c')],\n  version : '3.0',\n)\n")
            ).Version
        );

    [Fact]
    public void A_file_VERSION_holds_a_version() =>
        Assert.Equal(new Finding("3.53.4", "VERSION"), Of(("VERSION", "3.53.4\n")).Version);

    [Fact]
    public void Of_several_pkg_config_files_the_packages_own_counts()
    {
        var facts = Of(
            ("a.pc.in", "Description: Another thing\n"),
            ("lib/libx.pc.in", "Name: x\nDescription: x - Compresses well\nURL: @PACKAGE_URL@\nVersion: @V@\n")
        );

        Assert.Equal(new Finding("Compresses well", "lib/libx.pc.in"), facts.Summary);
        Assert.Null(facts.Homepage);
        Assert.Null(facts.Version);
    }

    [Fact]
    public void What_a_bundled_library_says_is_not_said_of_the_source()
    {
        var facts = Facts(
            "redis",
            (
                "deps/hiredis/hiredis.pc.in",
                "Name: hiredis\nDescription: Minimalistic C client library\nURL: https://hiredis.org\nVersion: 1.2\n"
            ),
            ("deps/lua/src/luaconf.h", "#define LUA_ROOT \"/usr/local/\"\n"),
            ("Makefile", "install:\n")
        );

        Assert.Null(facts.Summary);
        Assert.Null(facts.Homepage);
        Assert.Null(facts.Version);
        Assert.Equal(["deps"], facts.Vendored);
        Assert.Empty(Assert.Single(facts.Builds).Steps);
    }

    [Theory]
    [InlineData("foo.pc.in", "Foo")]
    [InlineData("a.pc.in", "X Something")]
    public void A_pkg_config_file_that_does_not_name_the_package_is_a_guess(string file, string description) =>
        Assert.True(Facts("xyz", (file, $"Description: {description} and more\n")).Summary!.IsGuess);

    [Fact]
    public void Several_pkg_config_files_that_disagree_are_a_guess()
    {
        Assert.True(
            Facts(
                "xyz",
                ("libxyz-a.pc.in", "Description: One part\n"),
                ("libxyz-bb.pc.in", "Description: Other part\n")
            ).Summary!.IsGuess
        );
        Assert.False(
            Facts(
                "xyz",
                ("libxyz-a.pc.in", "Description: One part\n"),
                ("libxyz-bb.pc.in", "Description: One part\n")
            ).Summary!.IsGuess
        );
        Assert.False(
            Facts(
                "xyz",
                ("libxyz.pc.in", "Description: One part\n"),
                ("libxyz-bb.pc.in", "Description: Other part\n")
            ).Summary!.IsGuess
        );
    }

    [Theory]
    [InlineData("jq", "jq.1.prebuilt")]
    [InlineData("jq3.2", "doc/jq.man")]
    [InlineData("jq", "src/jq.1.in")]
    public void Of_a_program_its_manual_says_more_than_its_librarys_pkg_config_file(string name, string manual) =>
        Assert.Equal(
            new Finding("Command-line processor", manual, IsGuess: true),
            Facts(
                name,
                (manual, ".SH NAME\njq \\- Command-line processor\n"),
                ("libjq.pc.in", "Description: Library to process\n")
            ).Summary
        );

    [Theory]
    [InlineData("AC_INIT([x], jq_version)")]
    [InlineData("AC_INIT([x], [-])")]
    public void What_does_not_begin_with_a_digit_is_no_version(string macro) =>
        Assert.Null(Of(("configure.ac", macro)).Version);

    [Fact]
    public void A_forum_is_no_homepage() =>
        Assert.Equal(
            "https://www.python.org",
            Facts(
                "python3.13",
                ("README.rst", "Ask at https://discuss.python.org/ and read https://www.python.org.")
            ).Homepage?.Value
        );

    [Fact]
    public void Where_none_is_called_like_the_package_the_shortest_name_counts() =>
        Assert.Equal(
            "Eight bits",
            Of(
                ("libx-16.pc.in", "Description: Sixteen bits\n"),
                ("libx-8.pc.in", "Description: Eight bits\n")
            ).Summary?.Value
        );

    [Theory]
    [InlineData(
        ".TH X 1\n.SH NAME\nx, unx \\- Compress or decompress files\n.SH SYNOPSIS\n",
        "Compress or decompress files"
    )]
    [InlineData(
        ".SH NAME\n\\fBx\\fR \\- x, unx, xcat \\- Compress or decompress files\n",
        "Compress or decompress files"
    )]
    [InlineData(
        ".SH \"NAME\"\n.LP\n\\fBx\\fP \\- the language\\-like interpreter that scripts\n",
        "Language-like interpreter"
    )]
    public void A_manual_page_has_a_line_on_its_program(string page, string summary) =>
        Assert.Equal(
            new Finding(summary, "doc/x.1", IsGuess: true),
            Of(("doc/x.1", page), ("README", "X is a thing or two.")).Summary
        );

    [Theory]
    [InlineData(
        "Welcome!\n\nX 1.3 is a general purpose data\ncompression library.  It is free.",
        "General purpose data compression library"
    )]
    [InlineData("GNU `X' is an implementation of macros, written in C. More.", "Implementation of macros")]
    [InlineData("This is x, the fast lexical analyzer.\n", "Fast lexical analyzer")]
    [InlineData("**X** is a [small](https://x.org) thing (really) which helps.", "Small thing")]
    [InlineData("<p>X is a powerful &amp; small language.</p>", "Powerful & small language")]
    public void A_sentence_of_readme_says_what_it_is(string readme, string summary) =>
        Assert.Equal(new Finding(summary, "a sentence of README", IsGuess: true), Of(("README", readme)).Summary);

    [Theory]
    [InlineData("X was released.")]
    [InlineData("X is a tool.")]
    [InlineData("Y is a fine little thing.")]
    public void A_sentence_that_says_too_little_or_of_another_thing_is_left(string readme) =>
        Assert.Null(Of(("README", readme)).Summary);

    [Fact]
    public void What_is_too_long_for_a_line_is_left_or_cut_at_a_comma()
    {
        var words = string.Concat(Enumerable.Repeat(" very", 30));

        Assert.Null(Of(("README", $"X is a{words} long thing.")).Summary);
        Assert.Equal(
            "Thing of many parts and with many uses",
            Of(("README", $"X is a thing of many parts and with many uses, and{words} long.")).Summary?.Value
        );
    }

    [Theory]
    [InlineData("See https://docs.elsewhere.org/a and https://www.xyz.org/intro.html.", "https://www.xyz.org")]
    [InlineData("Clone https://github.com/someone/xyz.git now", "https://github.com/someone/xyz")]
    public void A_page_that_bears_the_name_is_the_homepage(string readme, string page) =>
        Assert.Equal(new Finding(page, "README.md", IsGuess: true), Facts("xyz", ("README.md", readme)).Homepage);

    [Fact]
    public void Where_nothing_names_a_page_the_repository_is_one() =>
        Assert.Equal(
            "https://github.com/someone/other",
            SourceFacts
                .Of(SourceTree.Of(("a", "")), "x", "https://github.com/someone/other/releases/download/v1/x-1.tar.gz")
                .Homepage?.Value
        );

    [Fact]
    public void A_tree_in_a_folder_has_no_links_and_no_depths()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("a/b/c/d/deep.c", "");
        folder.Write("a/b/c/d/e/deeper.c", "");
        folder.Write("VERSION", "1.0\r\n");
        File.CreateSymbolicLink(folder.Join("LICENSE"), "/etc/passwd");

        var tree = SourceTree.OfFolder(folder.Path);

        Assert.Equal(["VERSION", "a/b/c/d/deep.c"], tree.Files);
        Assert.Equal("1.0\n", tree.Text("VERSION"));
        Assert.Equal("", tree.Text("LICENSE"));
        Assert.Equal("1.", tree.Text("VERSION", 2));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_with_its_name() =>
        Assert.StartsWith(
            "The source in '/nowhere' cannot be read: ",
            Assert.Throws<EngineException>(() => SourceTree.OfFolder("/nowhere")).Message,
            StringComparison.Ordinal
        );

    private static SourceFacts Of(params ReadOnlySpan<(string, string)> files) => Facts("x", files);

    private static SourceFacts Facts(string name, params ReadOnlySpan<(string, string)> files) =>
        SourceFacts.Of(SourceTree.Of(files), name, "https://e.org/x-1.0.tar.gz");

    private static string Repeat(string text, int length) =>
        string.Concat(Enumerable.Repeat(text, length / text.Length));

    public static TheoryData<string, string> Hostile { get; } =
        new()
        {
            { "configure.ac", "blank lines" },
            { "CMakeLists.txt", "blank lines" },
            { "CMakeLists.txt", "project(" },
            { "CMakeLists.txt", "project(a \"" },
            { "meson.build", "project('a'" },
            { "meson.build", "project('a',(" },
            { "xyz.1", "blank lines" },
            { "xyz.1", ".SH NAME\n" },
            { "xyz.1", "long line" },
            { "xyz.pc.in", "spaces" },
            { "README", "<style" },
            { "README", "<style <!---->" },
            { "README", "xyz a b c d " },
            { "README", "xyz is a b.c" },
            { "README", "https://a.b.c" },
            { "README", "[a](" },
            { "COPYING", "//////# " },
            { "COPYING", "SPDX spaces" },
            { "Makefile", "spaces" },
            { "xyz.h", "# define " },
        };

    private static string Text(string shape) =>
        shape switch
        {
            "blank lines" => Repeat("\n", 131_072),
            "spaces" => "Description: a" + Repeat(" ", 250_000) + "b\n",
            "long line" => ".SH NAME\n" + Repeat("x ", 250_000) + "\n",
            "SPDX spaces" => "SPDX-License-Identifier: a" + Repeat(" ", 250_000) + "!",
            _ => Repeat(shape, 250_000),
        };

    /// <summary>Patterns that go back took the square of the length of such files, and more.</summary>
    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Hostile))]
    public Task Any_file_is_read_in_time(string file, string shape) =>
        Task.Run(() => Facts("xyz", (file, Text(shape))), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("a <style>b</style> c", "a   c")]
    [InlineData("a <STYLE x>b</Style> c <!-- d --> e", "a   c   e")]
    [InlineData("a <styled>b</styled> c", "a  b  c")]
    [InlineData("a <style>b <!-- c --> d</em>", "a  b   d ")]
    [InlineData("a <head>b</head><script>c</script></p>d", "a    d")]
    public void What_a_browser_hides_is_left_out(string text, string expected) =>
        Assert.Equal(expected, ReadmeText.Read(SourceTree.Of(("README", text)), "README"));
}
