using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Releases;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

/// <summary>How versions stand in the names of tags, files and folders.</summary>
public class VersionNamesTests
{
    [Theory]
    [InlineData("v{version}", "1.0", "v1.2.5", "1.2.5")]
    [InlineData("v{version}", "1.0", "v1.2-rc1", "1.2-rc1")]
    [InlineData("v{version}", "1.0", "version-1", null)]
    [InlineData("v1.0", "1.0", "v1.2.5", "1.2.5")]
    [InlineData("R_2_6_0", "2.6.0", "R_2_7_1", "2.7.1")]
    [InlineData("x-{version}.tar.gz", "1.0", "x-1.10.tar.gz", "1.10")]
    [InlineData("x-{version}.tar.gz", "1.0", "x-1.10.tar.gz.asc", null)]
    [InlineData("x-{version}.tar.gz", "1.0", "x-doc-1.10.tar.gz", null)]
    [InlineData("{version}-{version}", "1.0", "1.1-1.1", "1.1")]
    [InlineData("{version}-{version}", "1.0", "1.1-1.2", null)]
    [InlineData("a+b(c){version}", "1.0", "a+b(c)3", "3")]
    public void A_version_is_found_in_a_name(string template, string current, string name, string? expected) =>
        Assert.Equal(expected, VersionPattern.Of(template, current)!.Find(name));

    [Theory]
    [InlineData("R_2_6_0", "2.6.0", "2.7.1", "R_2_7_1")]
    [InlineData("v{version}", "2.6.0", "2.7.1", "v2.7.1")]
    public void A_name_is_made_of_a_version(string template, string current, string version, string expected) =>
        Assert.Equal(expected, VersionPattern.Of(template, current)!.Fill(version));

    [Fact]
    public void A_name_without_the_version_is_no_pattern() => Assert.Null(VersionPattern.Of("latest-11.0", "1.0"));

    [Theory]
    [InlineData("x-1.2.tar.gz", "x-NEW.tar.gz")]
    [InlineData("x-1.2.5.tar.gz", "x-1.2.5.tar.gz")]
    [InlineData("x-11.2", "x-11.2")]
    [InlineData("x-0.1.2", "x-0.1.2")]
    [InlineData("v1.2/x1.2", "vNEW/xNEW")]
    [InlineData("1.2a", "1.2a")]
    public void A_part_of_a_longer_number_is_left_alone(string text, string expected) =>
        Assert.Equal(expected, Token.Replace(text, "1.2", "NEW"));

    [Theory]
    [InlineData("https://x.org/pub/v{version}/x-{version}.tar.gz", "https://x.org/pub/", "v{version}")]
    [InlineData("https://x.org/x-{version}.tar.gz", "https://x.org/", "x-{version}.tar.gz")]
    [InlineData("https://x.org/1.0/x-{version}.tar.gz", "https://x.org/1.0/", "x-{version}.tar.gz")]
    [InlineData("https://x.org/1.0/x-1.0.tar.gz", "https://x.org/", "{version}")]
    [InlineData("file:x-{version}.tar", "file:", "x-{version}.tar")]
    [InlineData("file:///srv/x-{version}.tar", "file:///srv/", "x-{version}.tar")]
    public void The_folder_that_lists_versions_is_found_in_a_url(string template, string folder, string pattern)
    {
        var place = ListingPlace.Of(template, "1.0")!;

        Assert.Equal((folder, pattern, false), (place.Folder, place.Pattern.Template, place.IsGit));
    }

    [Theory]
    [InlineData(
        "https://github.com/a/b/releases/download/v{version}/b-{version}.tar.gz",
        "https://github.com/a/b",
        "v{version}"
    )]
    [InlineData("https://github.com/a/b/archive/refs/tags/b-{version}.tar.gz", "https://github.com/a/b", "b-{version}")]
    public void Releases_of_hosts_without_listings_are_tags(string template, string repository, string tag)
    {
        var place = ListingPlace.Of(template, "1.0")!;

        Assert.Equal((repository, tag, true), (place.Folder, place.Pattern.Template, place.IsGit));
    }

    [Fact]
    public void A_url_without_the_version_lists_nothing() =>
        Assert.Null(ListingPlace.Of("https://x.org/latest.tar.gz", "1.0"));

    [Theory]
    [InlineData(
        "zlib_1.3.dfsg+really1.3.2.orig.tar.gz",
        "zlib_1.3.dfsg+really{version}.orig.tar.gz",
        "1.3.2",
        "zlib_1.3.dfsg+really{version}.orig.tar.gz"
    )]
    [InlineData(
        "zlib_1.3.2+dfsg.orig.tar.xz",
        "zlib_1.3.dfsg+really{version}.orig.tar.gz",
        "1.3.2",
        "zlib_{version}+dfsg.orig.tar.xz"
    )]
    [InlineData(
        "zlib_1.3.2.orig.tar.gz",
        "zlib_1.3.dfsg+really{version}.orig.tar.gz",
        "1.3.2",
        "zlib_{version}.orig.tar.gz"
    )]
    [InlineData(
        "zlib_1.3.dfsg+really1.3.2.orig.tar.gz",
        "zlib_{version}.orig.tar.gz",
        "1.3.2",
        "zlib_1.3.dfsg+really{version}.orig.tar.gz"
    )]
    [InlineData(
        "bison_3.8.2+dfsg.orig.tar.xz",
        "bison_{version}+dfsg.orig.tar.xz",
        "3.8.2",
        "bison_{version}+dfsg.orig.tar.xz"
    )]
    [InlineData(
        "bison_3.9~ds1.orig.tar.xz",
        "bison_{version}+dfsg.orig.tar.xz",
        "3.9",
        "bison_{version}~ds1.orig.tar.xz"
    )]
    [InlineData(
        "ca-certificates_20250419.tar.xz",
        "ca-certificates_{version}.tar.xz",
        "20250419",
        "ca-certificates_{version}.tar.xz"
    )]
    [InlineData("dpkg_1.22.21+deb13u1.tar.xz", "dpkg_{version}.tar.xz", "1.22.21+deb13u1", "dpkg_{version}.tar.xz")]
    public void Debians_name_of_a_file_shows_upstreams_version(
        string file,
        string known,
        string version,
        string template
    ) => Assert.Equal((version, template), PoolFile.Read(file, VersionPattern.Of(known, "0")));

    [Theory]
    [InlineData("busybox_1.38.0.orig.tar.bz2.asc")]
    [InlineData("busybox_1.38.0-3.debian.tar.xz")]
    [InlineData("busybox_1.38.0.orig-vendor.tar.xz")]
    public void Other_files_of_the_pool_are_no_release(string file) => Assert.Null(PoolFile.Read(file, null));

    [Fact]
    public void A_page_is_read_for_the_names_that_it_links_to()
    {
        const string page = """
            <a href="../">up</a> <A HREF='x-1.0.tar.gz'>x</A> <a href=/pub/x-1.1.tar.gz>y</a>
            <a href="v2.0/">v2.0</a> <a href="?C=N;O=D">sort</a> <a href="x%2B1.tar?a&amp;b">z</a> <a class="y" href="x-1.0.tar.gz">again</a>
            """;

        Assert.Equal(["..", "x-1.0.tar.gz", "x-1.1.tar.gz", "v2.0", "x+1.tar"], ListingPage.Links(page));
    }

    [Fact]
    public void Debians_list_of_sources_is_read_by_folder()
    {
        using var index = new StringReader(
            """
            Package: zlib
            Format: 3.0 (quilt)
            Files:
             0123 5 zlib_1.3-1.dsc
             0123 5 zlib_1.3-1.debian.tar.xz
             0123 5 zlib_1.3.orig.tar.gz
             0123 5 zlib_1.3.orig.tar.gz.asc
            Checksums-Sha256:
             0123 5 zlib_1.3.orig.tar.gz
            Directory: pool/main/z/zlib

            Package: zlib
            Directory: pool/main/z/zlib
            Files:
             0123 5 zlib_1.4.orig.tar.xz

            Package: native
            Directory: pool/main/n/native
            Files:
             0123 5 native_1.tar.xz
            """
        );

        var folders = SourcesIndex.Read(index);

        Assert.Equal(["zlib_1.3.orig.tar.gz", "zlib_1.4.orig.tar.xz"], folders["pool/main/z/zlib"]);
        Assert.Equal(["native_1.tar.xz"], folders["pool/main/n/native"]);
        Assert.Equal(2, folders.Count);
    }
}
